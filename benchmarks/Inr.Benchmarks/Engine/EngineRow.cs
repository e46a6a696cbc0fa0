using Inr.Parameterizations;

namespace Inr.Benchmarks.Engine;

/// <summary>One row of the engine's table: a network and what is done with it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Work">What is done.</param>
/// <param name="Network">The network.</param>
/// <param name="Shape">The picture.</param>
/// <param name="Batch">Random samples of a step; 0 for all.</param>
/// <param name="Functions">Functions at once.</param>
internal sealed record EngineRow(string Name, EngineWorkKind Work, PerceptronDescription Network, (int Height, int Width) Shape, int Batch = 0, int Functions = 1)
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<EngineRow> All { get; } = [.. Rows()];

    private static IEnumerable<EngineRow> Rows()
    {
        var picture = (178, 178);
        var photo = (512, 768);
        var small = (64, 64);
        foreach (int width in new[] { 256, 64, 32, 128, 512 })
        {
            yield return new($"siren {width}: step", EngineWorkKind.Step, Siren(width), picture);
            yield return new($"siren {width}: render", EngineWorkKind.Render, Siren(width), picture);
        }

        var relu = new PerceptronDescription(2, 3) { Encoding = new PositionalEncoding(128, 1024) };
        var fourier = new PerceptronDescription(2, 3) { Encoding = new GaussianEncoding(256, 10), HiddenWidths = [256, 256, 256] };
        yield return new("relu 256, positional: step", EngineWorkKind.Step, relu, picture);
        yield return new("relu 256, positional: render", EngineWorkKind.Render, relu, picture);
        yield return new("relu 256, fourier: step", EngineWorkKind.Step, fourier, picture);
        yield return new("relu 256, fourier: render", EngineWorkKind.Render, fourier, picture);
        yield return new("finer 256: step", EngineWorkKind.Step, new(2, 3) { Hidden = Activation.Finer.At(30) }, picture);
        yield return new("gauss 256: step", EngineWorkKind.Step, new(2, 3) { Hidden = Activation.Gauss.At(30) }, picture);
        foreach (int width in new[] { 64, 256 })
        {
            yield return new($"siren {width}: 8,192 of 768×512", EngineWorkKind.Step, Siren(width), photo, Batch: 8_192);
            yield return new($"siren {width}: step of 64×64", EngineWorkKind.Step, Siren(width), small);
        }

        yield return new("siren 64, 16 functions of 64×64: forward", EngineWorkKind.Functions, new(2, 3) { HiddenWidths = [64, 64, 64], Hidden = Activation.Sine.At(30) }, small, Functions: 16);
    }

    private static PerceptronDescription Siren(int width) => new(2, 3) { HiddenWidths = [width, width, width, width], Hidden = Activation.Sine.At(30) };
}
