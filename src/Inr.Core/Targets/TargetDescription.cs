using System.Text.Json.Nodes;

namespace Inr;

/// <summary>The kind of a target function and the options that rebuild it, as an <c>.inr</c> file stores them.</summary>
/// <param name="Kind">The registered name, such as <c>siren</c>.</param>
/// <param name="Options">Plain JSON values; they never name a type or run code.</param>
public sealed record TargetDescription(string Kind, JsonObject Options);
