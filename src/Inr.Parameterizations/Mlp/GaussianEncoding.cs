using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>Gaussian random Fourier features: <c>v = (x+1)/2</c>, <c>γ(v) = [cos(2πBv), sin(2πBv)]</c>, B_ij ~ N(0, σ²).</summary>
/// <remarks>
/// B is drawn once and not trained; it is part of θ as <c>frequencies [n,d]</c>, is stored and is counted, because nothing
/// else would reproduce it.
/// Tancik et al.: Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains, NeurIPS 2020.
/// </remarks>
public sealed record GaussianEncoding : InputEncoding
{
    internal const string Kind = "gaussian";

    private const string FrequencyName = "frequencies";

    /// <summary>Creates the encoding.</summary>
    /// <param name="frequencies">The number n of random frequencies; each gives a cosine and a sine; 1 to 8,192.</param>
    /// <param name="sigma">The standard deviation of the frequencies, in cycles over the domain; 1e-6 to 1e6.</param>
    public GaussianEncoding(int frequencies, double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequencies, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequencies, 8192);
        if (!(sigma is >= 1e-6 and <= 1e6))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The standard deviation lies between 1e-6 and 1e6.");
        Frequencies = frequencies;
        Sigma = sigma;
    }

    /// <summary>The number of frequencies.</summary>
    public int Frequencies { get; }

    /// <summary>Their standard deviation, in cycles over the domain.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override int OutputSize(int inputDimension) => 2 * Frequencies;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Specs(int inputDimension) =>
        [new ParameterSpec(FrequencyName, [Frequencies, inputDimension], ParameterRole.Frequency, isTrainable: false)];

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Draw(int inputDimension, Generator generator) =>
        [randn([Frequencies, inputDimension], dtype: float32, device: CPU, generator: generator) * Sigma];

    /// <inheritdoc/>
    public override Tensor Encode(Tensor coordinates, IReadOnlyList<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = NewDisposeScope();
        var b = parameters[0];
        // 2π·B·(x+1)/2 = π·B·(x+1).
        var v = coordinates + 1;
        var phase = (b.dim() == 2
            ? nn.functional.linear(v, b)
            : bmm(v.dim() == 2 ? v.unsqueeze(0).expand(b.shape[0], v.shape[0], v.shape[1]) : v, b.transpose(1, 2))) * Math.PI;
        return cat([phase.cos(), phase.sin()], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Write(JsonObject options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options["frequencies"] = Frequencies;
        options["sigma"] = Sigma;
    }
}
