using System.CommandLine;
using Inr.Cli.Runtime;

namespace Inr.Cli.Commands;

/// <summary>One verb of the command line: its arguments and options, and what it does.</summary>
internal abstract class Verb
{
    private readonly string _name;
    private readonly string _summary;

    /// <param name="name">The verb.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    protected Verb(string name, string summary)
    {
        _name = name;
        _summary = summary;
    }

    /// <summary>The verb.</summary>
    protected string Name => _name;

    /// <summary>The arguments and options in the order of the help page, beside those that every verb takes.</summary>
    protected virtual IEnumerable<Symbol> Symbols => [];

    /// <summary>The command that the parser knows.</summary>
    public Command Describe(Streams streams, CancellationToken cancellation)
    {
        var command = new Command(_name, _summary);
        foreach (var symbol in Symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add(NumberOptions.Prepare((Option)symbol));
        }

        command.SetAction(arguments => Execute(arguments, streams, cancellation));
        return command;
    }

    /// <summary>Runs the verb.</summary>
    /// <returns>The exit code.</returns>
    public virtual int Execute(ParseResult arguments, Streams streams, CancellationToken cancellation) =>
        Run(arguments, RunContext.Create(arguments, streams, cancellation));

    /// <summary>Runs the verb.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult arguments, RunContext context);
}
