using Inr.Files;

namespace Inr;

/// <summary>The <c>.inr</c> file: a safetensors file with θ as it is stored, and text that names target function and domain.</summary>
/// <remarks>
/// <para>
/// The text is <c>inr.format_version</c>, <c>inr.target</c> (a kind of <see cref="TargetRegistry"/>), <c>inr.options</c>
/// and <c>inr.domain</c> (JSON), <c>inr.floats</c> and <c>inr.generator</c>. A tensor that is kept as plain numbers has its own
/// name and the type that it has in memory, float32 or float64, bit for bit; the whole numbers of a structure are floats as
/// well. <c>inr.samples</c> (JSON, left out where nothing is known) is the <see cref="SampleFormat"/> of the signal's file. Where tensors are kept in another way, <c>inr.storage</c> says for each its kind (of <see cref="StorageRegistry"/>),
/// options and parts, which are tensors named <c>name:part</c>, and <c>inr.bits</c> counts the stored bits. Version 1 knew plain
/// numbers only.
/// </para>
/// <para>
/// NaN and infinite numbers are refused in both directions: no fit yields them, so they are a diverged run or a damaged file.
/// </para>
/// </remarks>
public static class InrFile
{
    /// <summary>The version that this library writes, and the newest one that it reads.</summary>
    public const int FormatVersion = 2;

    private const int LongestList = 6;

    /// <summary>Whether a file has the compact form, which is no safetensors file.</summary>
    /// <exception cref="InrFileException">The file cannot be opened.</exception>
    public static bool IsCompact(string path)
    {
        using var stream = InputFile.Open(path);
        return CompactFile.Begins(stream, path);
    }

    /// <summary>Reads what a file says about itself, without its tensor data.</summary>
    /// <exception cref="InrFileException">The file cannot be opened, is damaged, or has a newer version.</exception>
    public static InrFileInfo ReadInfo(string path)
    {
        using var stream = InputFile.Open(path);
        if (CompactFile.Begins(stream, path))
            return CompactFile.ReadInfo(stream, path);
        using var reader = new SafeTensorsReader(stream, path, leaveOpen: true);
        return InrMetadata.Parse(reader).Info;
    }

    /// <inheritdoc cref="ImplicitRepresentation.Save(string)"/>
    internal static void Save(ImplicitRepresentation representation, string path)
    {
        FileKind.Representation.Require(path);
        RequireStorable(representation);
        AtomicFile.Write(path, stream => Write(representation, stream));
    }

    /// <inheritdoc cref="ImplicitRepresentation.Save(Stream)"/>
    internal static void Save(ImplicitRepresentation representation, Stream stream)
    {
        RequireStorable(representation);
        Write(representation, stream);
    }

    /// <inheritdoc cref="ImplicitRepresentation.Load(string, Device)"/>
    internal static ImplicitRepresentation Load(string path, Device? device)
    {
        using var stream = InputFile.Open(path);
        return Load(stream, path, device);
    }

    /// <inheritdoc cref="ImplicitRepresentation.Load(Stream, Device)"/>
    internal static ImplicitRepresentation Load(Stream stream, Device? device)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string source = InputFile.NameOf(stream);
        return Load(InputFile.Seekable(stream, source), source, device);
    }

    private static ImplicitRepresentation Load(Stream stream, string source, Device? device)
    {
        if (CompactFile.Begins(stream, source))
            return CompactFile.Load(stream, source, device);
        using var reader = new SafeTensorsReader(stream, source, leaveOpen: true);
        return Load(reader, device);
    }

    private static void RequireStorable(ImplicitRepresentation representation)
    {
        var parameters = representation.Parameters;
        foreach (var (spec, tensor) in parameters.Layout.Zip(parameters.Tensors))
        {
            if (tensor.dtype != parameters.ScalarType || !IsStorable(tensor.dtype))
                throw new InrException($"Cannot save the parameter '{spec.Name}': it is {tensor.dtype}, and an .inr file holds parameters that are all Float32 or all Float64. Convert them with ParameterSet.To.");
            if (!IsFinite(tensor))
                throw new InrException($"Cannot save the parameter '{spec.Name}': it holds NaN or infinite numbers. Fit again, for example with a lower learning rate.");
        }
    }

    private static void Write(ImplicitRepresentation representation, Stream stream)
    {
        if (CompactFile.TryWrite(representation, stream))
            return;
        using var scope = NewDisposeScope();
        var tensors = new List<KeyValuePair<string, Tensor>>();
        var storage = InrStorage.Encode(representation.Stored, tensors);
        SafeTensors.Write(stream, tensors, InrMetadata.Build(representation, storage));
    }

    private static ImplicitRepresentation Load(SafeTensorsReader reader, Device? device)
    {
        var (info, storage) = InrMetadata.Parse(reader);
        var target = CreateTarget(reader, info);
        RequireLayout(reader, target.Layout, storage);
        if (target.InputDimension != info.Domain.Dimension)
            throw InputFile.Refuse(reader.Source, $"its target function takes {target.InputDimension} coordinates, but its domain is {info.Domain}.");

        var tensors = new List<TensorStorage>();
        try
        {
            foreach (var spec in target.Layout)
                tensors.Add(storage.Read(reader, spec));
            var stored = Collect(reader, target.Layout, tensors);
            InrMetadata.RequireCount(reader, info.Floats, stored.NumbersStored);
            using var scope = NewDisposeScope();
            var decoded = Decode(reader, stored, device);
            if (info.Bits != stored.BitsStored)
                throw InputFile.Refuse(reader.Source, $"it says that it has {info.Bits} bits, but its tensors hold {stored.BitsStored}.");
            return new ImplicitRepresentation(target, stored, decoded, info.Domain) { Format = info.Format };
        }
        catch
        {
            tensors.ForEach(t => t.Dispose());
            throw;
        }
    }

    private static StoredParameters Collect(SafeTensorsReader reader, ParameterLayout layout, List<TensorStorage> tensors)
    {
        try
        {
            return new StoredParameters(layout, tensors);
        }
        catch (ArgumentException e)
        {
            throw InputFile.Refuse(reader.Source, e.Message, e);
        }
    }

    // Decoding is part of loading: a damaged blob shows here, and not in the middle of a render.
    private static ParameterSet Decode(SafeTensorsReader reader, StoredParameters stored, Device? device)
    {
        var tensors = new Tensor[stored.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            string name = stored.Layout[i].Name;
            try
            {
                tensors[i] = stored[i].Decode(device);
            }
            catch (FormatException e)
            {
                throw InputFile.Refuse(reader.Source, $"the tensor {InputFile.Quote(name)} cannot be decoded: {e.Message}", e);
            }

            if (!IsFinite(tensors[i]))
                throw InputFile.Refuse(reader.Source, $"the tensor {InputFile.Quote(name)} holds NaN or infinite numbers.");
        }

        return new ParameterSet(stored.Layout, tensors);
    }

    private static ITargetFunction CreateTarget(SafeTensorsReader reader, InrFileInfo info)
    {
        try
        {
            return TargetRegistry.Create(new TargetDescription(info.Kind, info.Options));
        }
        catch (InrFileException e)
        {
            throw InputFile.Refuse(reader.Source, e.Message, e);
        }
    }

    private static void RequireLayout(SafeTensorsReader reader, ParameterLayout layout, InrStorage storage)
    {
        var names = storage.FileNames(layout).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. names.Where(name => !reader.Contains(name))];
        string[] unexpected = [.. reader.Entries.Where(entry => !names.Contains(entry.Name)).Select(entry => entry.Name), .. storage.Unknown(layout)];
        if (missing.Length > 0 || unexpected.Length > 0)
            throw InputFile.Refuse(reader.Source, $"its tensors are not those of its target function; missing: {List(missing)}; unexpected: {List(unexpected)}.");

        SafeTensorsEntry? first = null;
        foreach (var entry in reader.Entries.Where(entry => layout.Contains(entry.Name) && !storage.Kinds.ContainsKey(entry.Name)))
        {
            var spec = layout[entry.Name];
            if (!entry.Shape.SequenceEqual(spec.Shape))
                throw InputFile.Refuse(reader.Source, $"the tensor '{entry.Name}' has the shape {Shapes.List(entry.Shape)}, but its target function needs {Shapes.List(spec.Shape)}.");
            first ??= entry;
            if (entry.Type is not { } type || !IsStorable(type) || type != first.Type)
                throw InputFile.Refuse(reader.Source, $"the tensor '{entry.Name}' is {entry.TypeName}; all tensors of an .inr file must be F32, or all F64.");
        }
    }

    private static bool IsStorable(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float64;

    private static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.isfinite().all().item<bool>();
    }

    private static string List(string[] names) => names.Length == 0
        ? "none"
        : string.Join(", ", names.Take(LongestList).Select(InputFile.Quote)) + (names.Length > LongestList ? $" and {names.Length - LongestList} more" : "");
}
