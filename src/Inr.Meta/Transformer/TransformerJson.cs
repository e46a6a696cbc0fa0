using System.Text.Json.Nodes;
using Inr.Files;

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
            ["solveRidge"] = options.Ridge,
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
        var groups = json.Child("groupsOfBlock");
        var options = new TransformerOptions
        {
            Dimension = json.Int("dimension"),
            Depth = json.Int("depth"),
            Heads = json.Int("heads"),
            HeadDimension = json.Int("headDimension"),
            FeedForward = json.Int("feedForward"),
            PatchSize = json.Int("patchSize"),
            Padding = json.Int("padding"),
            SamplesPerToken = json.Int("samplesPerToken"),
            WeightGroups = json.Int("weightGroups"),
            GroupOrder = json.Name<GroupOrder>("groupOrder"),
            UpdateRule = json.Name<WeightUpdateRule>("updateRule"),
            InstanceBiases = json.Flag("instanceBiases"),
            SolveLinearPart = json.Flag("solveLinearPart"),
            Ridge = json.Number("solveRidge"),
            EmbeddingScale = json.Number("embeddingScale"),
            ResizeImages = json.Flag("resizeImages"),
            LinearType = json.Name<ScalarType>("linearType"),
            AverageDecay = json.NumberOrNull("averageDecay"),
            GroupsOfBlock = groups.ToDictionary(p => p.Key, p => groups.Int(p.Key)),
        };
        return (options, json.IntOrNull("imageSize"));
    }
}
