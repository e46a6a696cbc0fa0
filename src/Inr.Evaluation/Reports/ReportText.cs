using System.Globalization;

namespace Inr.Evaluation;

/// <summary>Numbers as people read them.</summary>
public static class ReportText
{
    private const string Nothing = "-";
    private const int MostNames = 5;

    /// <summary>A text from a file or a name, which must not control the terminal that shows it.</summary>
    public static string Plain(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    /// <summary>A message on one line.</summary>
    public static string OneLine(string text) => Plain(string.Join(' ', text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>A count with thousands separated.</summary>
    public static string Count(double? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>A count of things, such as <c>1 fit</c> or <c>2 fits</c>.</summary>
    public static string Count(int count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>Names on a line; of many the first, and how many more there are.</summary>
    public static string List(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {Count(names.Count - MostNames)} more" : "");
    }

    /// <summary>Decibels.</summary>
    public static string Decibels(double? value) => value is { } x
        ? double.IsPositiveInfinity(x) ? "exact" : x.ToString("0.00", CultureInfo.InvariantCulture)
        : Nothing;

    /// <summary>A mean of decibels, which is infinite where one of several fits is exact.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="lowest">The lowest of the values.</param>
    public static string MeanDecibels(double? mean, double? lowest) => mean is double.PositiveInfinity && lowest < double.PositiveInfinity ? "∞" : Decibels(mean);

    /// <summary>A structural similarity.</summary>
    public static string Similarity(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>Seconds with a decimal.</summary>
    public static string Seconds(double? seconds) => seconds?.ToString(seconds < 1 ? "0.00" : "0.0", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>Seconds as milliseconds.</summary>
    public static string Milliseconds(double? seconds) => (seconds * 1000)?.ToString(seconds < 0.01 ? "0.0" : "0", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>Seconds as microseconds.</summary>
    public static string Microseconds(double? seconds) => (seconds * 1e6)?.ToString(seconds < 1e-5 ? "0.00" : "0.0", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>A duration, to the second or the minute.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
        { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
    };

    /// <summary>Bits for each sample.</summary>
    public static string BitsPerSample(double? bits) => bits?.ToString(bits switch { < 0.1 => "0.0000", < 10 => "0.00", _ => "0.0" }, CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>A size of memory.</summary>
    public static string Bytes(double? bytes) => bytes switch
    {
        null => Nothing,
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };
}
