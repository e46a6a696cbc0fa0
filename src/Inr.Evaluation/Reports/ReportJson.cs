using System.Text.Json.Serialization;

namespace Inr.Evaluation;

/// <summary>The types of <see cref="ReportFormat"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true)]
[JsonSerializable(typeof(ReportRow))]
[JsonSerializable(typeof(IReadOnlyList<ReportRow>))]
[JsonSerializable(typeof(ComparisonPlan))]
[JsonSerializable(typeof(IReadOnlyList<SweepTrial>))]
[JsonSerializable(typeof(IReadOnlyList<ComparisonFailure>))]
[JsonSerializable(typeof(IReadOnlyList<CodecRow>))]
[JsonSerializable(typeof(RateDistortionSummary))]
internal sealed partial class ReportJson : JsonSerializerContext;
