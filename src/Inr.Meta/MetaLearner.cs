using System.Text.Json;
using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr;

/// <summary>Saves meta-learners and loads any registered kind.</summary>
/// <remarks>
/// A safetensors file: the weights by name, and the text <c>inr.format_version</c>, <c>inr.learner</c> (a kind of
/// <see cref="MetaLearnerRegistry"/>), <c>inr.learner_options</c>, <c>inr.target</c> and <c>inr.options</c>.
/// </remarks>
public static class MetaLearner
{
    /// <summary>The version that this library writes, and the newest one that it reads.</summary>
    public const int FormatVersion = 1;

    private const string VersionKey = "inr.format_version";
    private const string KindKey = "inr.learner";
    private const string OptionsKey = "inr.learner_options";
    private const string TargetKey = "inr.target";
    private const string TargetOptionsKey = "inr.options";

    /// <summary>Saves a learner; a file that exists is replaced only when the new one is complete.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    /// <exception cref="InrException">A weight is NaN or infinite.</exception>
    public static void Save(this IMetaLearner learner, string path)
    {
        ArgumentNullException.ThrowIfNull(learner);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var weight in learner.Weights)
        {
            if (!weight.Tensor.isfinite().all().item<bool>())
                throw new InrException($"Cannot save the weight '{weight.Name}': it holds NaN or infinite numbers. Train again with a lower learning rate.");
        }

        var description = learner.Description;
        SafeTensors.Save(path, learner.Weights.Select(w => KeyValuePair.Create(w.Name, w.Tensor)),
        [
            KeyValuePair.Create(VersionKey, "1"),
            KeyValuePair.Create(KindKey, description.Kind),
            KeyValuePair.Create(OptionsKey, description.Options.ToJsonString()),
            KeyValuePair.Create(TargetKey, description.Target.Kind),
            KeyValuePair.Create(TargetOptionsKey, description.Target.Options.ToJsonString()),
        ]);
    }

    /// <summary>Loads a learner.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, of a newer format, or names an unknown learner; the message says which.</exception>
    public static IMetaLearner Load(string path, Device? device = null)
    {
        using var scope = NewDisposeScope();
        using var reader = new SafeTensorsReader(path);
        string version = Text(reader, path, VersionKey);
        if (version != "1")
            throw new InrFileException($"Cannot read '{path}': its format version is {version}; this library reads version {FormatVersion}. Update the library.");
        var target = new TargetDescription(Text(reader, path, TargetKey), Json(reader, path, TargetOptionsKey));
        var description = new MetaLearnerDescription(Text(reader, path, KindKey), Json(reader, path, OptionsKey), target);
        var learner = MetaLearnerRegistry.Create(description, device);
        try
        {
            Restore(learner, reader, path);
            return learner;
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    private static void Restore(IMetaLearner learner, SafeTensorsReader reader, string path)
    {
        using var _ = no_grad();
        if (reader.Entries.FirstOrDefault(e => learner.Weights.All(w => w.Name != e.Name)) is { } unexpected)
            throw new InrFileException($"Cannot read '{path}': it has a tensor '{unexpected.Name}' that its meta-learner does not know.");
        foreach (var weight in learner.Weights)
        {
            var entry = reader.Entries.FirstOrDefault(e => e.Name == weight.Name)
                ?? throw new InrFileException($"Cannot read '{path}': the tensor '{weight.Name}' is missing.");
            if (!entry.Shape.SequenceEqual(weight.Tensor.shape))
                throw new InrFileException($"Cannot read '{path}': the tensor '{weight.Name}' has the shape {Shapes.List(entry.Shape)}; {Shapes.Text(weight.Tensor)} is needed.");
            var tensor = reader.Read(weight.Name);
            if (!tensor.isfinite().all().item<bool>())
                throw new InrFileException($"Cannot read '{path}': the tensor '{weight.Name}' holds NaN or infinite numbers.");
            weight.Tensor.copy_(tensor);
        }
    }

    private static string Text(SafeTensorsReader reader, string path, string key) =>
        reader.Metadata.GetValueOrDefault(key) ?? throw new InrFileException($"Cannot read '{path}': it is not a meta-learner; its metadata lack '{key}'.");

    private static JsonObject Json(SafeTensorsReader reader, string path, string key)
    {
        try
        {
            return JsonNode.Parse(Text(reader, path, key)) as JsonObject
                ?? throw new InrFileException($"Cannot read '{path}': '{key}' is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InrFileException($"Cannot read '{path}': '{key}' is not JSON: {e.Message}", e);
        }
    }
}
