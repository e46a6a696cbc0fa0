using System.Text.Json.Nodes;
using Inr.Files;

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
        Adapt = json.Name<AdaptedPart>("adapt"),
        LastLayers = json.Int("lastLayers"),
        AdaptedNames = json.List<string>("adaptedNames"),
        LatentSize = json.Int("latentSize"),
        Modulation = json.Name<Modulation>("modulation"),
        ModulatedLayers = json.List<int>("modulatedLayers"),
        InnerSteps = json.Int("innerSteps"),
        InnerUpdate = json.Name<InnerUpdate>("innerUpdate"),
        Momentum = json.Number("momentum"),
        StepSize = json.Number("stepSize"),
        StepSizeUpTo = json.NumberOrNull("stepSizeUpTo"),
        StepSizeRule = json.Name<StepSizeRule>("stepSizeRule"),
        StepSizePerStep = json.Flag("stepSizePerStep"),
        MinStepSize = json.NumberOrNull("minStepSize"),
        MaxStepSize = json.NumberOrNull("maxStepSize"),
        StepSizeRateScale = json.Number("stepSizeRateScale"),
        OuterGradient = json.Name<OuterGradient>("outerGradient"),
        TruncateTo = json.Int("truncateTo"),
        RecomputeSteps = json.Flag("recomputeSteps"),
        SamplesPerPiece = json.IntOrNull("samplesPerPass"),
        InnerClipNorm = json.NumberOrNull("innerClipNorm"),
        Selection = json.Name<ContextSelection>("selection"),
        SelectionShare = json.Number("selectionShare"),
        SelectInAdaptation = json.Flag("selectInAdaptation"),
        SolveLinearPart = json.Flag("solveLinear"),
        Ridge = json.Number("ridge"),
        OuterLearningRate = json.Number("outerLearningRate"),
        OptimizeSteps = json.Int("optimizeSteps"),
        OptimizeLearningRate = json.NumberOrNull("optimizeLearningRate"),
        Seed = json.Long("seed"),
    };
}
