using System.Globalization;

namespace Inr.Fuzz.Tests;

/// <summary>How much is tried, from the environment.</summary>
internal static class FuzzSettings
{
    private const int DefaultCount = 2_000;

    /// <summary><c>INR_FUZZ_COUNT</c>: inputs over all readers.</summary>
    public static int Count { get; } = Number("INR_FUZZ_COUNT", DefaultCount);

    /// <summary><c>INR_FUZZ_SEED</c>: another stream of inputs; the same one gives the same inputs on every machine.</summary>
    public static int Seed { get; } = Number("INR_FUZZ_SEED", 1);

    /// <summary><c>INR_FUZZ_REPORT</c>: a file to which each reader adds a line, and each failing input in base64.</summary>
    public static string? Report { get; } = Environment.GetEnvironmentVariable("INR_FUZZ_REPORT");

    private static int Number(string name, int otherwise)
    {
        string? text = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrEmpty(text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new InvalidOperationException($"{name} is '{text}'; it is a whole number of at least 1.");
    }
}
