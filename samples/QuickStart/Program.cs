using Inr;

// A photo becomes a function of the place, f(row, column) = colour, that 20,000 numbers describe.
using var photo = ImageSignal.Load(Path.Combine(AppContext.BaseDirectory, "photo.png"));
using var fitter = InrBuilder.ForImages(channels: 3)
    .UseSiren(o => o.Width = 80)
    .FitWith(o => (o.Steps, o.BatchSize) = (300, 8_192))
    .Build();
using var fit = fitter.Fit(photo);
Console.WriteLine(fit.Message);

// The function is a small file, has no pixels, and renders at any size.
fit.Representation.Save("photo.inr");
using var loaded = ImplicitRepresentation.Load("photo.inr");
using var large = loaded.Render(2 * photo.Height(), 2 * photo.Width());
large.SavePng("photo-2x.png");
Console.WriteLine("Wrote photo.inr and photo-2x.png.");
