using System.CommandLine;
using System.CommandLine.Parsing;

namespace Inr.Cli.Runtime;

/// <summary>Gives every option that takes a number the one way to read it, <see cref="NumberText"/>, whatever verb it belongs to.</summary>
/// <remarks>The parser's own way takes separators of thousands, follows the language of the system, and names .NET types in its messages.</remarks>
internal static class NumberOptions
{
    private static readonly Type[] OtherNumbers =
    [
        typeof(float), typeof(decimal), typeof(Half), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(uint), typeof(ulong),
    ];

    /// <summary>Sets how an option reads what was typed; one that takes no number stays as it is.</summary>
    /// <exception cref="ArgumentException">It takes a number of a type that is not read here.</exception>
    public static Option Prepare(Option option)
    {
        switch (option)
        {
            case Option<double> number:
                number.CustomParser = ReadNumber;
                break;
            case Option<double?> number:
                number.CustomParser = result => ReadNumber(result);
                break;
            case Option<int> whole:
                whole.CustomParser = result => (int)ReadWhole(result, int.MaxValue);
                break;
            case Option<int?> whole:
                whole.CustomParser = result => (int)ReadWhole(result, int.MaxValue);
                break;
            case Option<long> whole:
                whole.CustomParser = result => ReadWhole(result, long.MaxValue);
                break;
            case Option<long?> whole:
                whole.CustomParser = result => ReadWhole(result, long.MaxValue);
                break;
            default:
                var type = option.ValueType.IsArray ? option.ValueType.GetElementType()! : option.ValueType;
                if (OtherNumbers.Contains(Nullable.GetUnderlyingType(type) ?? type))
                    throw new ArgumentException($"{option.Name} takes a {option.ValueType}; numbers of the command line are int, long or double.", nameof(option));
                break;
        }

        return option;
    }

    private static double ReadNumber(ArgumentResult result)
    {
        if (NumberText.Read(Text(result), out double value) is { } fault)
            result.AddError($"{Name(result)} {fault}");
        return value;
    }

    private static long ReadWhole(ArgumentResult result, long most)
    {
        if (NumberText.ReadWhole(Text(result), most, out long value) is { } fault)
            result.AddError($"{Name(result)} {fault}");
        return value;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";

    private static string Name(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
}
