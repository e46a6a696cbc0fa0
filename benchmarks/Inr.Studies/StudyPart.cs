using System.CommandLine;
using System.CommandLine.Parsing;
using Inr.Cli.Runtime;

namespace Inr.Studies;

/// <summary>One part of a study: what it measures, the arguments and options that it takes, and the work.</summary>
/// <param name="name">The word that chooses it.</param>
/// <param name="summary">What it measures, in a sentence.</param>
/// <param name="run">Measures and prints.</param>
internal sealed class StudyPart(string name, string summary, Action<StudyArguments> run)
{
    private readonly List<Argument> _arguments = [];
    private readonly Dictionary<string, (string Summary, object? Default, Func<string, string, object?, Option> Create)> _options = [];

    /// <summary>The word that chooses it.</summary>
    public string Name => name;

    /// <summary>Takes a text at the next place.</summary>
    public StudyPart Argument(string argument, string meaning)
    {
        _arguments.Add(new Argument<string>(argument) { Description = meaning, HelpName = argument });
        return this;
    }

    /// <summary>Takes <c>--option N</c>, a whole number; null where there is no usual one.</summary>
    public StudyPart Int(string option, int? usual, string meaning) => Add(option, usual, meaning, (n, m, d) => d is int number
        ? new Option<int?>(n) { Description = m, HelpName = "N", DefaultValueFactory = _ => number }
        : new Option<int?>(n) { Description = m, HelpName = "N" });

    /// <summary>Takes <c>--option X</c>, a number; null where there is no usual one.</summary>
    public StudyPart Number(string option, double? usual, string meaning) => Add(option, usual, meaning, (n, m, d) => d is double number
        ? new Option<double?>(n) { Description = m, HelpName = "X", DefaultValueFactory = _ => number }
        : new Option<double?>(n) { Description = m, HelpName = "X" });

    /// <summary>Takes <c>--option X,X,…</c>, numbers.</summary>
    public StudyPart Numbers(string option, double[] usual, string meaning) => Add(option, usual, meaning, (n, m, d) => new Option<double[]>(n)
    {
        Description = m,
        HelpName = "X,X",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = Split,
        DefaultValueFactory = _ => (double[])d!,
    });

    /// <summary>Takes <c>--option TEXT</c>; empty where nothing is usual.</summary>
    public StudyPart Text(string option, string usual, string meaning) => Add(option, usual, meaning, (n, m, d) => ((string)d!).Length > 0
        ? new Option<string>(n) { Description = m, HelpName = "TEXT", DefaultValueFactory = _ => (string)d }
        : new Option<string>(n) { Description = m, HelpName = "TEXT" });

    /// <summary>Adds what several parts have in common.</summary>
    public StudyPart With(Func<StudyPart, StudyPart> options) => options(this);

    /// <summary>Another usual value of an option that the part takes already.</summary>
    public StudyPart Usual(string option, object value)
    {
        _options[option] = _options[option] with { Default = value };
        return this;
    }

    /// <summary>The command that the parser knows.</summary>
    public Command Describe() => AddTo(new Command(name, summary));

    /// <summary>Lets a command run the part.</summary>
    public Command AddTo(Command command)
    {
        _arguments.ForEach(command.Arguments.Add);
        foreach (var (option, (meaning, usual, create)) in _options)
            command.Options.Add(NumberOptions.Prepare(create("--" + option, meaning, usual)));
        command.SetAction(parsed => run(new StudyArguments(parsed, _options.Keys)));
        return command;
    }

    private StudyPart Add(string option, object? usual, string meaning, Func<string, string, object?, Option> create)
    {
        _options.Add(option, (meaning, usual, create));
        return this;
    }

    private static double[] Split(ArgumentResult result)
    {
        var numbers = new List<double>();
        foreach (string part in result.Tokens.Single().Value.Split(','))
        {
            if (NumberText.Read(part, out double number) is null)
                numbers.Add(number);
            else
                result.AddError($"'{result.Tokens.Single().Value}' must be numbers, separated by commas.");
        }

        return [.. numbers];
    }
}
