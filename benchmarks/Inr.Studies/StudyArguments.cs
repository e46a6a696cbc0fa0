using System.CommandLine;
using Inr.Cli.Runtime;

namespace Inr.Studies;

/// <summary>What the user typed after the name of a part; a name that the part did not declare is a fault of the study.</summary>
internal sealed class StudyArguments(ParseResult parsed, IReadOnlyCollection<string> declared)
{
    /// <summary>A text at a place.</summary>
    public string Argument(string name) => parsed.GetRequiredValue<string>(name);

    /// <summary>Whole numbers at a place, separated by commas.</summary>
    public IReadOnlyList<int> Integers(string name) => [.. Argument(name).Split(',').Select(part => Integer(part, name))];

    /// <summary>A text; empty where none was given and none is usual.</summary>
    public string Text(string name) => parsed.GetValue<string>(Declared(name)) ?? "";

    /// <summary>A whole number.</summary>
    public int Int(string name) => IntOrNone(name) ?? throw new InvalidOperationException($"'{name}' has no usual value.");

    /// <summary>A whole number; null where none was given and none is usual.</summary>
    public int? IntOrNone(string name) => parsed.GetValue<int?>(Declared(name));

    /// <summary>A number.</summary>
    public double Number(string name) => NumberOrNone(name) ?? throw new InvalidOperationException($"'{name}' has no usual value.");

    /// <summary>A number; null where none was given and none is usual.</summary>
    public double? NumberOrNone(string name) => parsed.GetValue<double?>(Declared(name));

    /// <summary>Numbers.</summary>
    public double[] Numbers(string name) => parsed.GetValue<double[]>(Declared(name))!;

    private string Declared(string name) => declared.Contains(name) ? "--" + name : throw new InvalidOperationException($"The option '{name}' is not declared.");

    private static int Integer(string text, string name) =>
        NumberText.ReadWhole(text, int.MaxValue, out long number) is null ? (int)number : throw StudyException.BadUsage($"{name} has '{text}', which is no whole number.");
}
