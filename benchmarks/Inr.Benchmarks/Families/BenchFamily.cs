using Inr.Parameterizations;

namespace Inr.Benchmarks.Families;

/// <summary>A family of target functions in its benchmark size, with the same function by hand.</summary>
/// <param name="Target">The library's.</param>
/// <param name="Forward">By hand: the trainable tensors of θ and coordinates [N,2] to values.</param>
internal sealed record BenchFamily(ITargetFunction Target, Func<ParameterSet, Func<Tensor, IReadOnlyList<Tensor>, Tensor>> Forward)
{
    private const int Cells = 16;

    /// <summary>The family of a name: perceptrons of width 256 with five layers, 16×16 cut cells with 10 terms.</summary>
    public static BenchFamily Of(string name) => name switch
    {
        "siren" => new(new Siren(2, 3, new SirenOptions { OutputOffset = 0.5 }), _ => PlainForward.Siren),
        "relu-mlp" => new(new ReluMlp(2, 3, new ReluMlpOptions { OutputOffset = 0.5 }), _ => PlainForward.ReluMlp),
        "fourier-mlp" => new(
            new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { OutputOffset = 0.5 }),
            theta => (x, w) => PlainForward.FourierFeatureMlp(x, theta["frequencies"], w)),
        "cell-fourier" => CellFourier(),
        _ => throw new ArgumentException($"There is no benchmark of '{name}'.", nameof(name)),
    };

    private static BenchFamily CellFourier()
    {
        var options = new CellFourierOptions { Cells = Cells };
        // The shortest ten pairs of frequencies, the order of the target.
        var pairs = Enumerable.Range(0, 25).Select(i => (A: i / 5, B: i % 5)).OrderBy(p => p.A * p.A + p.B * p.B).Take(options.Terms);
        float[] flat = [.. pairs.SelectMany(p => new[] { (float)p.A, p.B })];
        return new(new CellFourierTarget(2, 3, options), _ =>
        {
            var frequencies = tensor(flat, [options.Terms, 2]).DetachFromDisposeScope();
            return (x, w) => PlainForward.CellFourier(x, w, Cells, frequencies, options.IndicatorWidth);
        });
    }
}
