using Inr;

// A photo becomes a function of the place, f(row, column) = colour, that 140,000 numbers (560 kB) describe.
using var photo = ImageSignal.Load("photo.png");
using var inr = InrBuilder.ForImages(channels: 3)
    .UsePiecewiseFourier(o => o with { FloatBudget = 140_000 })
    .Build();
using var fit = inr.Fit(photo);
Console.WriteLine($"{fit.Psnr:0.00} dB in {fit.Elapsed.TotalSeconds:0.0} s");

// The function is a small file, has no pixels, and renders at any size.
fit.Representation.Save("photo.inr");
using var loaded = ImplicitRepresentation.Load("photo.inr");
using var large = loaded.Render(2 * photo.Height(), 2 * photo.Width());
large.SavePng("photo-2x.png");
Console.WriteLine($"Wrote photo.inr and photo-2x.png to {Environment.CurrentDirectory}");
