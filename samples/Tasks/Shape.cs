using Inr;
using Inr.Losses;

namespace Tasks;

/// <summary>A solid as a signed distance: samples of the distance to a sphere, and slopes of length 1 everywhere.</summary>
public static class Shape
{
    public static void Run(string folder)
    {
        using var generator = new Generator(1);
        var places = rand([4_000, 3], generator: generator) * 2 - 1;
        using var distances = new Signal(places, places.norm(1, true, 2) - 0.5);
        using var inr = InrBuilder.ForSignals(inputDimension: 3, outputDimension: 1)
            .UseSiren(o => o with { Width = 32, HiddenLayers = 2, FirstOmega = 5 })
            .FitWith(o => o with
            {
                Steps = 400,
                LearningRate = 1e-3,
                Loss = new Loss { Error = PointwiseError.Absolute, Terms = [LossTerm.Eikonal(weight: 0.02, points: 256)] },
            })
            .Build();
        using var fit = inr.Fit(distances);
        using var place = tensor(new float[] { 0.8f, 0, 0 }, [1, 3]);
        using var distance = fit.Representation.Evaluate(place);
        Console.WriteLine($"distance at (0.8, 0, 0): {distance.item<float>():0.00}; it is 0.30");
        fit.Representation.Save(Path.Combine(folder, "sphere.inr"));
    }
}
