using System.Diagnostics.CodeAnalysis;

namespace Inr.Meta;

/// <summary>A part <c>{name, args}</c> of an official configuration. Every argument must be asked for: one that nobody knows is refused by name.</summary>
public sealed class OfficialConfig
{
    private readonly string _part;
    private readonly PickledDictionary _args;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private OfficialConfig(string part, string name, PickledDictionary args)
    {
        _part = part;
        Name = name;
        _args = args;
    }

    /// <summary>The registered name, such as <c>hypo_mlp</c>.</summary>
    public string Name { get; }

    /// <summary>Reads a part.</summary>
    /// <param name="value">A dictionary with <c>name</c> and <c>args</c>.</param>
    /// <param name="part">What messages call it.</param>
    /// <param name="names">The names that are known here.</param>
    /// <exception cref="FormatException">It is something else, or has an unknown name.</exception>
    internal static OfficialConfig Read(object? value, string part, params string[] names)
    {
        if (value is not PickledDictionary dictionary || dictionary["name"] is not string name || dictionary["args"] is not PickledDictionary args)
            throw new FormatException($"it has no configuration of the {part}.");
        if (!names.Contains(name))
            throw new FormatException($"its {part} is '{name}'; known are {string.Join(", ", names)}.");
        return new OfficialConfig(part, name, args);
    }

    /// <summary>A whole number.</summary>
    /// <param name="key">The name of the argument.</param>
    /// <param name="otherwise">Where the argument is missing; null where it must be there.</param>
    /// <exception cref="FormatException">It is missing or no whole number.</exception>
    [SuppressMessage("Naming", "CA1720", Justification = "It says what is read.")]
    public int Int(string key, int? otherwise = null) => Value(key) switch
    {
        long n and >= int.MinValue and <= int.MaxValue => (int)n,
        null when otherwise is { } n && !Has(key) => n,
        _ => throw Wrong(key, "a whole number"),
    };

    /// <summary>A number.</summary>
    /// <param name="key">The name of the argument.</param>
    /// <param name="otherwise">Where the argument is missing.</param>
    /// <exception cref="FormatException">It is no finite number.</exception>
    public double Number(string key, double otherwise) => Value(key) switch
    {
        long n => n,
        double d when double.IsFinite(d) => d,
        null when !Has(key) => otherwise,
        _ => throw Wrong(key, "a number"),
    };

    /// <summary>True or false.</summary>
    /// <param name="key">The name of the argument.</param>
    /// <param name="otherwise">Where the argument is missing.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public bool Flag(string key, bool otherwise) => Value(key) switch
    {
        bool b => b,
        null when !Has(key) => otherwise,
        _ => throw Wrong(key, "true or false"),
    };

    /// <summary>A part inside this one.</summary>
    /// <param name="key">The name of the argument.</param>
    /// <param name="names">The registered names that are known here.</param>
    /// <exception cref="FormatException">It is missing, or has another name.</exception>
    public OfficialConfig Part(string key, params string[] names) => Read(Value(key), key, names);

    /// <summary>Requires that every argument was asked for.</summary>
    /// <exception cref="FormatException">One was not; the message names it.</exception>
    public void RequireNoMore()
    {
        if (_args.Keys.FirstOrDefault(k => k is not string s || !_asked.Contains(s)) is { } unknown)
            throw new FormatException($"its {_part} has the argument '{unknown}', which is not known here.");
    }

    private bool Has(string key) => _args.Keys.Contains(key);

    private object? Value(string key)
    {
        _asked.Add(key);
        return _args[key];
    }

    private FormatException Wrong(string key, string kind) => new($"the argument '{key}' of its {_part} is not {kind}.");
}
