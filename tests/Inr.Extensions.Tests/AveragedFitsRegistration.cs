using Inr.Files;
using Inr.Meta;

namespace Inr.Examples;

/// <summary>Makes the learner known to files, and to builders as <c>UseAveragedFits()</c>.</summary>
public static class AveragedFitsRegistration
{
    // Called once at start-up, so that learner files can name the kind.
    public static void Register() => MetaLearnerRegistry.Register(AveragedFits.Kind, (description, _) =>
        new AveragedFits((ITrainableTarget)TargetRegistry.Create(description.Target), description.Options.Int("steps")));

    public static MetaLearnerBuilder UseAveragedFits(this InrBuilder builder, int steps = 20) =>
        new(builder, b => new AveragedFits((ITrainableTarget)b.BuildTarget(), steps, b.Seed));
}
