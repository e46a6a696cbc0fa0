using System.Globalization;

namespace Inr.Evaluation;

/// <summary>Which of a signal's samples a fitter sees, and how clean they are: the context of an evaluation.</summary>
/// <remarks>
/// The context of a signal depends on the signal's samples and the seed alone, not on its name, its place in a data set
/// or the fitter, so that all fitters see the same one.
/// </remarks>
public sealed record SignalContext
{
    private const string FullName = "full";
    private const string SparseName = "sparse";
    private const string NoisyName = "noisy";
    private const double Levels = 255;

    private readonly double _fraction = 1;
    private readonly double _noise;

    /// <summary>All samples as they are.</summary>
    public static SignalContext Full { get; } = new();

    /// <summary>The share of the samples that the fitter sees, drawn at random without replacement.</summary>
    /// <value>The default is 1, all of them; in (0,1]. Below 1 the context is scattered, and the other samples are the query.</value>
    public double Fraction
    {
        get => _fraction;
        init => _fraction = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Fraction), value, "The share of the samples that a fitter sees lies in (0,1].");
    }

    /// <summary>The standard deviation of white Gaussian noise on every value of the context, in 255ths of the peak 1, as papers on denoising give it.</summary>
    /// <value>The default is 0. Noisy values are not clamped.</value>
    public double Noise
    {
        get => _noise;
        init => _noise = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Noise), value, "The standard deviation of the noise is at least 0 and finite.");
    }

    /// <summary>Whether the fitter sees the signal itself.</summary>
    public bool IsFull => Fraction == 1 && Noise == 0;

    /// <summary>A share of the samples.</summary>
    /// <param name="fraction">In (0,1].</param>
    public static SignalContext Sparse(double fraction) => new() { Fraction = fraction };

    /// <summary>All samples with noise.</summary>
    /// <param name="noise">The standard deviation in 255ths of the peak.</param>
    public static SignalContext Noisy(double noise) => new() { Noise = noise };

    /// <summary>Reads <c>full</c>, <c>sparse:0.1</c>, <c>noisy:25</c> or <c>sparse:0.1+noisy:25</c>.</summary>
    /// <exception cref="FormatException">The text is none of these, or a number is out of range.</exception>
    public static SignalContext Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var context = Full;
        foreach (string part in text.Split('+', StringSplitOptions.TrimEntries))
        {
            context = part.Split(':') switch
            {
                [FullName] => context,
                [SparseName, var share] when Number(share) is > 0 and <= 1 and var fraction => context with { Fraction = fraction },
                [NoisyName, var sigma] when Number(sigma) is >= 0 and < double.PositiveInfinity and var noise => context with { Noise = noise },
                _ => throw new FormatException($"'{text}' is no context; use full, sparse:SHARE with a share of the samples in (0,1], noisy:SIGMA in 255ths of the peak, or sparse:SHARE+noisy:SIGMA."),
            };
        }

        return context;
    }

    /// <summary>Draws the context of a signal.</summary>
    /// <param name="signal">The signal; the caller keeps it.</param>
    /// <param name="seed">The same seed gives the same context.</param>
    /// <returns>What the fitter sees, and the clean samples that it does not see; the latter is null where it sees all. The caller owns both.</returns>
    /// <exception cref="ArgumentException">The signal has one sample, of which no share can be taken.</exception>
    public (Signal Context, Signal? Query) Draw(Signal signal, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ulong stream = SignalKey.Stream(signal, seed);
        var (context, query) = Fraction < 1 ? signal.Split(1 - Fraction, unchecked((long)stream)) : (signal.To(signal.Values.device), null);
        if (Noise == 0)
            return (context, query);
        using (context)
            return (AddNoise(context, ~stream), query);
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        string sparse = string.Create(CultureInfo.InvariantCulture, $"{SparseName}:{Fraction}");
        string noisy = string.Create(CultureInfo.InvariantCulture, $"{NoisyName}:{Noise}");
        return (Fraction < 1, Noise > 0) switch
        {
            (true, true) => $"{sparse}+{noisy}",
            (true, false) => sparse,
            (false, true) => noisy,
            _ => FullName,
        };
    }

    private Signal AddNoise(Signal signal, ulong stream)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(stream);
        var noise = randn(signal.Values.shape, float64, device: CPU, generator: generator) * (Noise / Levels);
        return signal.WithValues(signal.Values + noise.to(signal.Values.dtype).to(signal.Values.device));
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
