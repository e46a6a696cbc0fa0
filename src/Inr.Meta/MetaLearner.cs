using System.Globalization;
using Inr.Files;
using Inr.Meta;

namespace Inr;

/// <summary>Saves meta-learners and loads any registered kind.</summary>
/// <remarks>
/// A safetensors file: the weights by name, and the text <c>inr.format_version</c>, <c>inr.learner</c> (a kind of
/// <see cref="MetaLearnerRegistry"/>), <c>inr.learner_options</c>, <c>inr.target</c>, <c>inr.options</c> and, where it is
/// known, <c>inr.trained_on</c> (<see cref="IMetaLearner.TrainedOn"/>). A file is
/// compared with the weights that its options ask for before any of them is drawn.
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

    private const string TrainedOnKey = "inr.trained_on";

    private const int LongestList = 6;

    /// <summary>What a file of a learner is.</summary>
    public static FileKind FileKind { get; } = new("a meta-learner, such as faces.learner", ".learner", ".safetensors", ".checkpoint");

    /// <summary>Saves a learner; a file that exists is replaced only when the new one is complete.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    /// <exception cref="InrException">A weight is NaN or infinite.</exception>
    public static void Save(this IMetaLearner learner, string path)
    {
        FileKind.Require(path);
        RequireFinite(learner);
        AtomicFile.Write(path, stream => Write(learner, stream));
    }

    /// <summary>Writes a learner to a stream, as its file has it.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="stream">A stream at the place where the file begins; it stays open.</param>
    /// <exception cref="InrException">A weight is NaN or infinite.</exception>
    public static void Save(this IMetaLearner learner, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireFinite(learner);
        Write(learner, stream);
    }

    /// <summary>Loads a learner.</summary>
    /// <param name="path">A file that <see cref="Save(IMetaLearner, string)"/> wrote.</param>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, of a newer format, or names an unknown learner; the message says which.</exception>
    public static IMetaLearner Load(string path, Device? device = null)
    {
        using var reader = new SafeTensorsReader(path);
        return Load(reader, device);
    }

    /// <summary>Reads a learner from the current position of a stream to its end.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The data are damaged, of a newer format, or name an unknown learner; the message says which.</exception>
    public static IMetaLearner Load(Stream stream, Device? device = null)
    {
        using var reader = new SafeTensorsReader(stream, leaveOpen: true);
        return Load(reader, device);
    }

    /// <summary>Whether a file says that it holds a meta-learner; its numbers are not read.</summary>
    /// <param name="path">A safetensors file, or an <c>.inr</c> file of any form.</param>
    /// <exception cref="InrFileException">The file is missing, damaged, or neither of them.</exception>
    public static bool IsLearner(string path)
    {
        if (InrFile.IsCompact(path))
            return false;
        using var reader = new SafeTensorsReader(path);
        return reader.Metadata.ContainsKey(KindKey);
    }

    /// <summary>Reads what a file says about its learner; no tensor data is read and neither kind need be registered.</summary>
    /// <param name="path">A file that <see cref="Save(IMetaLearner, string)"/> wrote.</param>
    /// <exception cref="InrFileException">The file is missing, damaged, of a newer format, or holds no learner.</exception>
    public static MetaLearnerInfo ReadInfo(string path)
    {
        using var reader = new SafeTensorsReader(path);
        var text = new FileText(reader, "a meta-learner");
        int version = text.RequireVersion(VersionKey, FormatVersion);
        return new MetaLearnerInfo(version, Describe(text), TrainedOn(text), reader.Entries.Sum(e => e.Count), reader.FileBytes, reader.Entries);
    }

    private static MetaLearnerDescription Describe(FileText text) =>
        new(text.Name(KindKey), text.Object(OptionsKey), new TargetDescription(text.Name(TargetKey), text.Object(TargetOptionsKey)));

    private static SignalDomain? TrainedOn(FileText text)
    {
        if (!text.Has(TrainedOnKey))
            return null;
        try
        {
            return SignalDomain.FromJson(text.Object(TrainedOnKey));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw text.Refuse($"its metadata '{TrainedOnKey}' is no domain: {InputFile.OneLine(e.Message)}", e);
        }
    }

    private static void RequireFinite(IMetaLearner learner)
    {
        ArgumentNullException.ThrowIfNull(learner);
        if (learner.Weights.FirstOrDefault(w => !Shapes.IsFinite(w.Tensor)) is { } weight)
            throw new InrException($"Cannot save the weight '{weight.Name}': it holds NaN or infinite numbers. Train again with a lower learning rate.");
    }

    private static void Write(IMetaLearner learner, Stream stream)
    {
        using var _ = no_grad();
        var description = learner.Description;
        KeyValuePair<string, string>[] trainedOn = learner.TrainedOn is { } domain ? [KeyValuePair.Create(TrainedOnKey, domain.ToJson().ToJsonString())] : [];
        SafeTensors.Write(stream, learner.Weights.Select(w => KeyValuePair.Create(w.Name, w.Tensor)),
        [
            KeyValuePair.Create(VersionKey, FormatVersion.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create(KindKey, description.Kind),
            KeyValuePair.Create(OptionsKey, description.Options.ToJsonString()),
            KeyValuePair.Create(TargetKey, description.Target.Kind),
            KeyValuePair.Create(TargetOptionsKey, description.Target.Options.ToJsonString()),
            .. trainedOn,
        ]);
    }

    private static IMetaLearner Load(SafeTensorsReader reader, Device? device)
    {
        TorchRuntime.EnsureLoaded();
        var text = new FileText(reader, "a meta-learner");
        // A representation has a version too, of another format.
        text.Name(KindKey);
        text.RequireVersion(VersionKey, FormatVersion);
        var description = Describe(text);
        var trainedOn = TrainedOn(text);

        RequireWeights(text, reader, Named(text, () => MetaLearnerRegistry.Plan(description)).Weights);
        var learner = Named(text, () => MetaLearnerRegistry.Create(description, device));
        try
        {
            Restore(learner, text, reader);
            learner.TrainedOn = trainedOn ?? learner.TrainedOn;
            return learner;
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    // The registry knows no file.
    private static T Named<T>(FileText text, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (InrFileException e)
        {
            throw text.Refuse(InputFile.OneLine(e.Message), e);
        }
    }

    private static void RequireWeights(FileText text, SafeTensorsReader reader, ParameterLayout weights)
    {
        string[] missing = [.. weights.Where(w => !reader.Contains(w.Name)).Select(w => w.Name)];
        string[] unexpected = [.. reader.Entries.Where(e => !weights.Contains(e.Name)).Select(e => e.Name)];
        if (missing.Length > 0 || unexpected.Length > 0)
            throw text.Refuse($"its tensors are not the weights of its meta-learner; missing: {List(missing)}; unexpected: {List(unexpected)}.");
        foreach (var entry in reader.Entries)
        {
            if (!entry.Shape.SequenceEqual(weights[entry.Name].Shape))
                throw text.Refuse($"the tensor {InputFile.Quote(entry.Name)} has the shape {Shapes.List(entry.Shape)}, but its meta-learner needs {Shapes.List(weights[entry.Name].Shape)}.");
            if (entry.Type is not (ScalarType.Float32 or ScalarType.Float64))
                throw text.Refuse($"the tensor {InputFile.Quote(entry.Name)} is {entry.TypeName}; the weights of a meta-learner are F32 or F64.");
        }
    }

    private static void Restore(IMetaLearner learner, FileText text, SafeTensorsReader reader)
    {
        using var _ = no_grad();
        foreach (var weight in learner.Weights)
        {
            using var piece = NewDisposeScope();
            var tensor = reader.Read(weight.Name);
            if (!tensor.shape.SequenceEqual(weight.Tensor.shape))
                throw new InvalidOperationException($"The plan of the meta-learner '{learner.Description.Kind}' says that its weight '{weight.Name}' has the shape {Shapes.Text(tensor)}; it has {Shapes.Text(weight.Tensor)}.");
            if (!Shapes.IsFinite(tensor))
                throw text.Refuse($"the tensor {InputFile.Quote(weight.Name)} holds NaN or infinite numbers.");
            weight.Tensor.copy_(tensor);
        }
    }

    private static string List(string[] names) => names.Length == 0
        ? "none"
        : string.Join(", ", names.Take(LongestList).Select(InputFile.Quote)) + (names.Length > LongestList ? $" and {names.Length - LongestList} more" : "");
}
