using Inr;

namespace Faces;

public static class LearnedPrior
{
    /// <summary>Learns an initialization from a folder of pictures; then two gradient steps fit a new one.</summary>
    public static FitResult Run(string folder, string picture, int size, int steps)
    {
        var options = new ImageFolderOptions { Image = new ImageLoadOptions { Channels = 3, Size = new ImageSize(size, size), CenterCrop = true } };
        using var learner = InrBuilder.ForImages(channels: 3, size: size)
            .UseSiren(o => o with { Width = 128, HiddenLayers = 2 })
            .UseMetaSgd()                                   // or UseMaml, UseReptile, UseModulation, UseTransformer, ...
            .Build();
        learner.Train(ImageFolder.Open(folder, options), new MetaTrainingOptions { Steps = steps });
        learner.Save("faces.learner");

        using var image = ImageSignal.Load(picture, options.Image);
        return learner.Fit(image);
    }
}
