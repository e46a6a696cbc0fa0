using System.Text.Json.Nodes;

namespace Inr.Optimization;

/// <summary>The kind of an update rule and every setting that its steps depend on: what a training checkpoint compares.</summary>
/// <param name="Kind">A short name, such as <c>adam</c>.</param>
/// <param name="Settings">Plain JSON values by name, such as <c>beta1</c>.</param>
public sealed record UpdateRuleDescription(string Kind, JsonObject Settings);
