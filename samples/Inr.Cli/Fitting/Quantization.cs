using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Parameterizations;

namespace Inr.Cli.Fitting;

/// <summary>Reads <c>--quantize auto|BITS</c>.</summary>
internal static class Quantization
{
    private const string Auto = "auto";
    private const double MostBits = 24;

    /// <summary>What the option asks for.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="text">What the user typed.</param>
    /// <param name="entry">The target function.</param>
    /// <param name="seed">The seed of the run; a fit by gradients starts from numbers that it gives.</param>
    /// <exception cref="CliException">It is no number of bits, or the target is a code already.</exception>
    public static CompressionOptions Parse(string name, string text, TargetEntry entry, long seed)
    {
        if (entry.Name == CompressedFourierTarget.Kind)
            throw CliException.BadUsage($"{entry.Name} is coded already: leave {name} out, and choose its size by --bits-per-sample, --bytes or --psnr.");
        var options = new CompressionOptions { Seed = seed, StartSeed = seed is >= 0 and <= SeededStart.LargestSeed ? (int)seed : null };
        if (string.Equals(text, Auto, StringComparison.OrdinalIgnoreCase))
            return options;
        string? fault = NumberText.Read(text, out double bits) is null ? bits is >= 1 and <= MostBits ? null : "is out of range" : "is no number";
        return fault is null
            ? options with { BitsPerWeight = bits }
            : throw CliException.BadUsage($"{name} is '{text}', which {fault}: it takes {Auto}, or bits from 1 to {MostBits}, such as 6.5.");
    }
}
