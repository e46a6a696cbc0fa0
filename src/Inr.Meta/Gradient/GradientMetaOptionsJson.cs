using System.Text.Json.Nodes;

namespace Inr.Meta;

/// <summary>Writes <see cref="GradientMetaOptions"/> to the plain JSON of a file and reads them back; what it reads may be hostile.</summary>
/// <remarks>The names in files stay as they were first written, so that files and checkpoints go on being read.</remarks>
internal static class GradientMetaOptionsJson
{
    /// <summary>The options as plain values.</summary>
    public static JsonObject Write(GradientMetaOptions o) => new()
    {
        ["adapt"] = o.Adapt.ToString(),
        ["lastLayers"] = o.LastLayers,
        ["adaptedNames"] = new JsonArray([.. o.AdaptedNames.Select(n => (JsonNode)JsonValue.Create(n))]),
        ["latentSize"] = o.LatentSize,
        ["modulation"] = o.Modulation.ToString(),
        ["modulatedLayers"] = new JsonArray([.. o.ModulatedLayers.Select(n => (JsonNode)JsonValue.Create(n))]),
        ["innerSteps"] = o.InnerSteps,
        ["innerUpdate"] = o.InnerUpdate.ToString(),
        ["momentum"] = o.Momentum,
        ["stepSize"] = o.StepSize,
        ["stepSizeUpTo"] = o.StepSizeUpTo,
        ["stepSizeRule"] = o.StepSizeRule.ToString(),
        ["stepSizePerStep"] = o.StepSizePerStep,
        ["minStepSize"] = o.MinStepSize,
        ["maxStepSize"] = o.MaxStepSize,
        ["stepSizeRateScale"] = o.StepSizeRateScale,
        ["outerGradient"] = o.OuterGradient.ToString(),
        ["truncateTo"] = o.TruncateTo,
        ["recomputeSteps"] = o.RecomputeSteps,
        ["samplesPerPass"] = o.SamplesPerPiece,
        ["innerClipNorm"] = o.InnerClipNorm,
        ["selection"] = o.Selection.ToString(),
        ["selectionShare"] = o.SelectionShare,
        ["selectInAdaptation"] = o.SelectInAdaptation,
        ["solveLinear"] = o.SolveLinearPart,
        ["ridge"] = o.Ridge,
        ["outerLearningRate"] = o.OuterLearningRate,
        ["optimizeSteps"] = o.OptimizeSteps,
        ["optimizeLearningRate"] = o.OptimizeLearningRate,
        ["seed"] = o.Seed,
    };

    /// <summary>The options of a file; the validator still has to judge them.</summary>
    /// <exception cref="FormatException">A value is missing.</exception>
    public static GradientMetaOptions Read(JsonObject json) => new()
    {
        Adapt = Name<AdaptedPart>(json, "adapt"),
        LastLayers = Get<int>(json, "lastLayers"),
        AdaptedNames = [.. List(json, "adaptedNames").Select(n => n!.GetValue<string>())],
        LatentSize = Get<int>(json, "latentSize"),
        Modulation = Name<Modulation>(json, "modulation"),
        ModulatedLayers = [.. List(json, "modulatedLayers").Select(n => n!.GetValue<int>())],
        InnerSteps = Get<int>(json, "innerSteps"),
        InnerUpdate = Name<InnerUpdate>(json, "innerUpdate"),
        Momentum = Get<double>(json, "momentum"),
        StepSize = Get<double>(json, "stepSize"),
        StepSizeUpTo = Optional(json, "stepSizeUpTo"),
        StepSizeRule = Name<StepSizeRule>(json, "stepSizeRule"),
        StepSizePerStep = Get<bool>(json, "stepSizePerStep"),
        MinStepSize = Optional(json, "minStepSize"),
        MaxStepSize = Optional(json, "maxStepSize"),
        StepSizeRateScale = Get<double>(json, "stepSizeRateScale"),
        OuterGradient = Name<OuterGradient>(json, "outerGradient"),
        TruncateTo = Get<int>(json, "truncateTo"),
        RecomputeSteps = Get<bool>(json, "recomputeSteps"),
        SamplesPerPiece = OptionalInt(json, "samplesPerPass"),
        InnerClipNorm = Optional(json, "innerClipNorm"),
        Selection = Name<ContextSelection>(json, "selection"),
        SelectionShare = Get<double>(json, "selectionShare"),
        SelectInAdaptation = Get<bool>(json, "selectInAdaptation"),
        SolveLinearPart = Get<bool>(json, "solveLinear"),
        Ridge = Get<double>(json, "ridge"),
        OuterLearningRate = Get<double>(json, "outerLearningRate"),
        OptimizeSteps = Get<int>(json, "optimizeSteps"),
        OptimizeLearningRate = Optional(json, "optimizeLearningRate"),
        Seed = Get<long>(json, "seed"),
    };

    private static T Get<T>(JsonObject json, string name) => Value(json, name).GetValue<T>();

    private static double? Optional(JsonObject json, string name) =>
        json.TryGetPropertyValue(name, out var node) && node is JsonValue value ? value.GetValue<double>() : null;

    private static int? OptionalInt(JsonObject json, string name) =>
        json.TryGetPropertyValue(name, out var node) && node is JsonValue value ? value.GetValue<int>() : null;

    private static T Name<T>(JsonObject json, string name)
        where T : struct, Enum => Enum.Parse<T>(Get<string>(json, name));

    private static JsonArray List(JsonObject json, string name) =>
        json.TryGetPropertyValue(name, out var node) && node is JsonArray array ? array : throw new FormatException($"'{name}' is missing.");

    private static JsonValue Value(JsonObject json, string name) =>
        json.TryGetPropertyValue(name, out var node) && node is JsonValue value ? value : throw new FormatException($"'{name}' is missing.");
}
