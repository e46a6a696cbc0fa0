using System.Text.Json.Nodes;

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
            Encoding = InputEncoding.FromJson(Child(options, "encoding").AsObject()),
            HiddenWidths = [.. Child(options, "hiddenWidths").AsArray().Select(w => w!.GetValue<int>())],
            First = Activated(Child(options, "first").AsObject()),
            Hidden = Activated(Child(options, "hidden").AsObject()),
            OutputOffset = options.Number("outputOffset"),
            Output = Enum.TryParse<OutputMap>(options.Text("output"), out var output)
                ? output
                : throw new FormatException($"The output '{options.Text("output")}' is none of {string.Join(", ", Enum.GetNames<OutputMap>())}."),
        };
    }

    private static JsonObject Write(ScaledActivation activation) => new() { ["activation"] = activation.Function.Name, ["omega"] = activation.Omega };

    private static ScaledActivation Activated(JsonObject options) => Activation.Find(options.Text("activation")).At(options.Number("omega"));

    private static JsonNode Child(JsonObject options, string name) => options[name] ?? throw new FormatException($"'{name}' is missing.");
}
