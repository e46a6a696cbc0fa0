using System.CommandLine;

namespace Inr.Studies;

/// <summary>A study behind numbers of the documentation. It joins with one row of <see cref="StudyShell"/>.</summary>
/// <param name="Name">The word that chooses it.</param>
/// <param name="Summary">What it is about, in a sentence.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record Study(string Name, string Summary, IReadOnlyList<StudyPart> Parts)
{
    /// <summary>The part that runs where none is named; null where one must be.</summary>
    public StudyPart? Usual { get; init; }

    /// <summary>The command that the parser knows.</summary>
    public Command Describe()
    {
        var command = new Command(Name, Summary);
        Usual?.AddTo(command);
        foreach (var part in Parts)
            command.Subcommands.Add(part.Describe());
        return command;
    }
}
