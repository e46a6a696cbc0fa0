using Inr;

namespace Tasks;

/// <summary>Fewer bits for the same function: weights in 8 bits and entropy coded, and what it costs in decibels.</summary>
public static class SmallFile
{
    public static void Run(string folder)
    {
        using var photo = ImageSignal.Load(Path.Combine(AppContext.BaseDirectory, "photo.png"), new ImageLoadOptions { Size = new ImageSize(64, 64) });
        using var inr = InrBuilder.ForImages(channels: 3)
            .UseSiren(o => o with { Width = 32, HiddenLayers = 2 })
            .FitWith(o => o with { Steps = 300, LearningRate = 1e-3 })
            .Build();
        using var fit = inr.Fit(photo);
        using var small = fit.Representation.WithStorage((_, weights) => TensorStorage.EntropyCoded(weights, bits: 8));
        Console.WriteLine($"{fit.Representation.BitCount / 8:N0} bytes: {fit.Psnr:0.00} dB");
        Console.WriteLine($"{small.BitCount / 8:N0} bytes: {HeldOut.Psnr(small, photo):0.00} dB");
        small.Save(Path.Combine(folder, "small.inr"));
    }
}
