using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>Collects what is wrong with an options object; each message names the option, its value and what is allowed.</summary>
/// <remarks>Use one in each <see cref="IValidateOptions{TOptions}"/>: <c>rules.AtLeast(o.Width, 1)</c> takes the name from the expression.</remarks>
public sealed class OptionsRules
{
    private readonly string _owner;
    private readonly List<string> _failures = [];

    /// <summary>Creates an empty collection.</summary>
    /// <param name="owner">The options class, as messages name it.</param>
    public OptionsRules(string owner)
    {
        _owner = owner;
    }

    /// <summary>Requires a value in a closed range.</summary>
    public OptionsRules InRange<T>(T value, T low, T high, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : IComparable<T>, IFormattable =>
        Require(value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0 && !IsNaN(value), name, value, $"must be between {Text(low)} and {Text(high)}");

    /// <summary>Requires a value of at least a bound.</summary>
    public OptionsRules AtLeast<T>(T value, T low, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : IComparable<T>, IFormattable =>
        Require(value.CompareTo(low) >= 0 && IsFinite(value), name, value, $"must be at least {Text(low)}");

    /// <summary>Requires a finite value above a bound.</summary>
    public OptionsRules Above<T>(T value, T low, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : IComparable<T>, IFormattable =>
        Require(value.CompareTo(low) > 0 && IsFinite(value), name, value, $"must be above {Text(low)}");

    /// <summary>Requires a defined enum value.</summary>
    public OptionsRules Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum =>
        Require(Enum.IsDefined(value), name, value, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Requires anything else.</summary>
    /// <param name="holds">Whether the rule holds.</param>
    /// <param name="name">The option, or the expression that reads it: what follows the last dot is printed.</param>
    /// <param name="value">Its value.</param>
    /// <param name="rule">What is allowed, as <c>must …</c>.</param>
    public OptionsRules Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
            _failures.Add($"{_owner}.{name[(name.LastIndexOf('.') + 1)..]} is {Text(value)}; it {rule}.");
        return this;
    }

    /// <summary>The result for the options framework.</summary>
    public ValidateOptionsResult ToResult() => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    private static string Text(object? value) => value is null ? "not set" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "not set";

    private static bool IsNaN<T>(T value) => value is double d ? double.IsNaN(d) : value is float f && float.IsNaN(f);

    private static bool IsFinite<T>(T value) => value is double d ? double.IsFinite(d) : value is not float f || float.IsFinite(f);
}
