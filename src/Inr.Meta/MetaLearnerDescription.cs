using System.Text.Json.Nodes;

namespace Inr;

/// <summary>The kind of a meta-learner, the options that rebuild it untrained, and its target function.</summary>
/// <param name="Kind">The registered name, such as <c>gradient</c>.</param>
/// <param name="Options">Plain JSON values; they never name a type or run code.</param>
/// <param name="Target">The target function whose θ the learner yields.</param>
public sealed record MetaLearnerDescription(string Kind, JsonObject Options, TargetDescription Target);
