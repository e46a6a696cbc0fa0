using Inr.Files;
using Inr.Meta;

namespace Inr.Examples;

/// <summary>Makes the learner known to files, and to builders as <c>UseAveragedFits()</c>.</summary>
public static class AveragedFitsRegistration
{
    // Called once at start-up, so that learner files can name the kind.
    public static void Register() => MetaLearnerRegistry.Register(AveragedFits.Kind, description =>
    {
        // The layout is checked against the file before any weight is made.
        var target = (ITrainableTarget)TargetRegistry.Create(description.Target);
        int steps = description.Options.Int("steps");
        return new MetaLearnerPlan(target.Layout, _ => new AveragedFits(target, steps));
    });

    public static MetaLearnerBuilder UseAveragedFits(this InrBuilder builder, int steps = 20) =>
        new(builder, b => new AveragedFits((ITrainableTarget)b.BuildTarget(), steps, b.Seed));
}
