using System.Globalization;
using System.Numerics;

namespace Inr.Cli.Runtime;

/// <summary>Checks of values that the user typed.</summary>
internal static class Require
{
    /// <summary>Requires a number of at least a bound.</summary>
    public static void AtLeast<T>(string option, T? value, T low)
        where T : struct, INumber<T>
    {
        if (value is { } given && !(given >= low))
            throw CliException.Failed(string.Create(CultureInfo.InvariantCulture, $"{option} is {given}; it must be at least {low}."));
    }

    /// <summary>Requires a finite number above zero.</summary>
    public static void Positive(string option, double? value)
    {
        if (value is { } given && !(given > 0 && double.IsFinite(given)))
            throw CliException.Failed(string.Create(CultureInfo.InvariantCulture, $"{option} is {given}; it must be a finite number above 0."));
    }
}
