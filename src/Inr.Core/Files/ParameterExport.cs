using System.Text;
using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>Hands θ to NumPy and PyTorch: <c>.npz</c> and safetensors files of plain arrays under the names of the layout.</summary>
/// <remarks>
/// A dense layer i is <c>i.weight [out,in]</c> and <c>i.bias [out]</c>, as PyTorch's <c>Linear</c> has them. In an
/// <c>.npz</c>, the array <see cref="MetadataName"/> holds the UTF-8 bytes of a JSON object that says what the numbers
/// belong to. An <c>.inr</c> file is itself a safetensors file; <c>docs/file-formats.md</c> has readers for both.
/// </remarks>
public static class ParameterExport
{
    /// <summary>The array of bytes that describes the others.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>Writes θ of a representation, with the kind and options of its target function and its domain.</summary>
    /// <param name="representation">The representation.</param>
    /// <param name="path">An <c>.npz</c> file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void SaveNpz(this ImplicitRepresentation representation, string path)
    {
        ArgumentNullException.ThrowIfNull(representation);
        var domain = representation.Domain;
        SaveNpz(path, Named(representation.Parameters), new JsonObject
        {
            ["target"] = representation.Target.Description.Kind,
            ["options"] = representation.Target.Description.Options.DeepClone(),
            ["domain"] = domain.IsGrid
                ? new JsonObject { ["grid"] = new JsonArray([.. domain.GridShape.Select(n => JsonValue.Create(n))]) }
                : new JsonObject { ["scattered"] = domain.Dimension },
        });
    }

    /// <summary>Writes parameters; those of a batch keep their leading axis.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="path">An <c>.npz</c> file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void SaveNpz(this ParameterSet parameters, string path)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Npz.Save(path, Named(parameters));
    }

    /// <summary>Writes parameters; those of a batch keep their leading axis.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="path">A <c>.safetensors</c> file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void SaveSafeTensors(this ParameterSet parameters, string path)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        SafeTensors.Save(path, Named(parameters));
    }

    /// <summary>Writes arrays and what they belong to.</summary>
    /// <param name="path">An <c>.npz</c> file; its folder must exist.</param>
    /// <param name="arrays">Arrays by name.</param>
    /// <param name="metadata">What they belong to, for <see cref="MetadataName"/>.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void SaveNpz(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, JsonObject metadata)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        ArgumentNullException.ThrowIfNull(metadata);
        using var scope = NewDisposeScope();
        var text = tensor(Encoding.UTF8.GetBytes(metadata.ToJsonString()));
        Npz.Save(path, arrays.Append(KeyValuePair.Create(MetadataName, text)));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(ParameterSet parameters) =>
        parameters.Layout.Zip(parameters.Tensors, (spec, tensor) => KeyValuePair.Create(spec.Name, tensor));
}
