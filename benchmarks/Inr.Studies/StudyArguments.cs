using System.Globalization;

namespace Inr.Studies;

/// <summary>A part and <c>--name value</c> pairs, as studies take them.</summary>
internal sealed class StudyArguments
{
    private readonly Dictionary<string, string> _values = [];

    public StudyArguments(string[] args)
    {
        Part = args.Length > 0 ? args[0] : "";
        for (int i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new ArgumentException($"Expected --name value, not '{args[i]}'.", nameof(args));
            _values[args[i][2..]] = args[i + 1];
        }
    }

    /// <summary>Gives options that were not said a value of their own.</summary>
    public void Default(params ReadOnlySpan<(string Name, string Value)> defaults)
    {
        foreach (var (name, value) in defaults)
            _values.TryAdd(name, value);
    }

    /// <summary>The first word.</summary>
    public string Part { get; }

    public string Text(string name, string fallback) => _values.GetValueOrDefault(name, fallback);

    public int Int(string name, int fallback) => _values.TryGetValue(name, out string? s) ? int.Parse(s, CultureInfo.InvariantCulture) : fallback;

    public double Number(string name, double fallback) => _values.TryGetValue(name, out string? s) ? double.Parse(s, CultureInfo.InvariantCulture) : fallback;

    public double[] Numbers(string name, params double[] fallback) =>
        _values.TryGetValue(name, out string? s) ? [.. s.Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))] : fallback;
}
