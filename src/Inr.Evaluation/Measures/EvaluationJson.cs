using System.Text.Json.Serialization;

namespace Inr.Evaluation;

/// <summary>How rows and settings are written: camel case, what is missing left out, infinite PSNR kept.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(EvaluationRow))]
[JsonSerializable(typeof(List<CodecFit>))]
[JsonSerializable(typeof(List<CodecRow>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
