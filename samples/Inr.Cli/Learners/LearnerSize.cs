using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Meta;

namespace Inr.Cli.Learners;

/// <summary>The side of the squares that a learner gets: its own, unless the user says otherwise.</summary>
internal static class LearnerSize
{
    /// <summary>Chooses it, and says so where the user did not.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="option">The option by which the user chooses.</param>
    /// <param name="asked">What the user chose; null for the learner's own.</param>
    /// <param name="terminal">Where to say it.</param>
    public static int Choose(IMetaLearner learner, string option, int? asked, Terminal terminal)
    {
        if ((learner as TransformerMetaLearner)?.ImageSize is { } only && asked is not null && asked != only)
            throw CliException.BadUsage($"{option} is {asked}, but this learner is for images of {only}×{only}; leave {option} out.");
        if (asked is { } size)
            return size;
        if (learner.TrainedOn?.GridShape is not [int height, int width])
            throw CliException.BadUsage($"{option} is needed: the learner's file does not say at which size it was trained, and it takes images of any.");
        terminal.WriteLine($"images become squares of {Math.Min(height, width)}×{Math.Min(height, width)}, at which the learner was trained{(learner is TransformerMetaLearner ? "" : $"; {option} says another size")}");
        return Math.Min(height, width);
    }
}
