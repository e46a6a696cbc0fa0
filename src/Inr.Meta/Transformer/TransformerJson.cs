using System.Text.Json.Nodes;

namespace Inr.Meta;

/// <summary>The options of a transformer as plain JSON, and back from a file that may be hostile.</summary>
public static class TransformerJson
{
    /// <summary>All options, and the image size where there is one.</summary>
    public static JsonObject Write(TransformerOptions options, int? imageSize)
    {
        var groups = new JsonObject();
        foreach (var (block, count) in options.GroupsOfBlock.OrderBy(p => p.Key, StringComparer.Ordinal))
            groups[block] = count;
        var json = new JsonObject
        {
            ["dimension"] = options.Dimension,
            ["depth"] = options.Depth,
            ["heads"] = options.Heads,
            ["headDimension"] = options.HeadDimension,
            ["feedForward"] = options.FeedForward,
            ["patchSize"] = options.PatchSize,
            ["padding"] = options.Padding,
            ["samplesPerToken"] = options.SamplesPerToken,
            ["weightGroups"] = options.WeightGroups,
            ["groupsOfBlock"] = groups,
            ["groupOrder"] = options.GroupOrder.ToString(),
            ["updateRule"] = options.UpdateRule.ToString(),
            ["instanceBiases"] = options.InstanceBiases,
            ["solveLinearPart"] = options.SolveLinearPart,
            ["solveRidge"] = options.SolveRidge,
            ["embeddingScale"] = options.EmbeddingScale,
            ["resizeImages"] = options.ResizeImages,
            ["linearType"] = options.LinearType.ToString(),
        };
        if (options.AverageDecay is { } decay)
            json["averageDecay"] = decay;
        if (imageSize is { } size)
            json["imageSize"] = size;
        return json;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the constructor of the learner validates the values.</summary>
    /// <exception cref="FormatException">A value is missing or of another kind.</exception>
    public static (TransformerOptions Options, int? ImageSize) Read(JsonObject json)
    {
        var options = new TransformerOptions
        {
            Dimension = Get<int>(json, "dimension"),
            Depth = Get<int>(json, "depth"),
            Heads = Get<int>(json, "heads"),
            HeadDimension = Get<int>(json, "headDimension"),
            FeedForward = Get<int>(json, "feedForward"),
            PatchSize = Get<int>(json, "patchSize"),
            Padding = Get<int>(json, "padding"),
            SamplesPerToken = Get<int>(json, "samplesPerToken"),
            WeightGroups = Get<int>(json, "weightGroups"),
            GroupOrder = Name<GroupOrder>(json, "groupOrder"),
            UpdateRule = Name<WeightUpdateRule>(json, "updateRule"),
            InstanceBiases = Get<bool>(json, "instanceBiases"),
            SolveLinearPart = Get<bool>(json, "solveLinearPart"),
            SolveRidge = Get<double>(json, "solveRidge"),
            EmbeddingScale = Get<double>(json, "embeddingScale"),
            ResizeImages = Get<bool>(json, "resizeImages"),
            LinearType = Name<ScalarType>(json, "linearType"),
            AverageDecay = json.ContainsKey("averageDecay") ? Get<double>(json, "averageDecay") : null,
        };
        foreach (var (block, count) in json["groupsOfBlock"] as JsonObject ?? throw new FormatException("'groupsOfBlock' is missing."))
            options.GroupsOfBlock[block] = (count ?? throw new FormatException($"'groupsOfBlock.{block}' is null.")).GetValue<int>();
        return (options, json.ContainsKey("imageSize") ? Get<int>(json, "imageSize") : null);
    }

    private static T Get<T>(JsonObject json, string name) => json[name] is JsonValue value
        ? value.GetValue<T>()
        : throw new FormatException($"'{name}' is missing.");

    private static T Name<T>(JsonObject json, string name)
        where T : struct, Enum => Enum.TryParse<T>(Get<string>(json, name), out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{name}' is none of {string.Join(", ", Enum.GetNames<T>())}.");
}
