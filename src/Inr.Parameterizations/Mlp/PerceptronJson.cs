using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations;

/// <summary>A <see cref="PerceptronDescription"/> as files store it.</summary>
internal static class PerceptronJson
{
    public static JsonObject Write(PerceptronDescription network) => new()
    {
        ["inputs"] = network.InputDimension,
        ["outputs"] = network.OutputDimension,
        ["encoding"] = network.Encoding.ToJson(),
        ["hiddenWidths"] = new JsonArray([.. network.HiddenWidths.Select(w => (JsonNode)w)]),
        ["first"] = Write(network.First),
        ["hidden"] = Write(network.Hidden),
        ["outputOffset"] = network.OutputOffset,
        ["output"] = network.Output.ToString(),
    };

    public static PerceptronDescription Read(JsonObject options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PerceptronDescription(options.Int("inputs"), options.Int("outputs"))
        {
            Encoding = InputEncoding.FromJson(options.Child("encoding")),
            HiddenWidths = options.List<int>("hiddenWidths"),
            First = Activated(options.Child("first")),
            Hidden = Activated(options.Child("hidden")),
            OutputOffset = options.Number("outputOffset"),
            Output = options.Name<OutputMap>("output"),
        };
    }

    private static JsonObject Write(ScaledActivation activation) => new() { ["activation"] = activation.Function.Name, ["omega"] = activation.Omega };

    private static ScaledActivation Activated(JsonObject options) => Activation.Find(options.Text("activation")).At(options.Number("omega"));
}
