namespace Inr.Cli.Learners;

/// <summary>A meta-learner as the command line offers it.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Use">Chooses it on a builder that has a target; the number is that of inner steps, null for the default.</param>
/// <param name="HasInnerSteps">Whether it adapts by inner steps.</param>
/// <param name="IsClosedForm">Whether it trains without outer steps, by linear algebra.</param>
/// <param name="Patch">The side of the patches that it cuts images into; null where it cuts none.</param>
internal sealed record LearnerEntry(string Name, string Summary, Func<InrBuilder, int?, MetaLearnerBuilder> Use, bool HasInnerSteps = true, bool IsClosedForm = false, int? Patch = null);
