using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations;

/// <summary>What a perceptron makes of the coordinates before its first layer.</summary>
/// <remarks>An application adds a kind of its own by deriving from this class and by <see cref="Register"/>, so that files can name it.</remarks>
public abstract record InputEncoding
{
    private const string NameKey = "name";

    /// <summary>The coordinates as they are.</summary>
    public static InputEncoding None { get; } = new NoEncoding();

    private static readonly ConcurrentDictionary<string, Func<JsonObject, InputEncoding>> Readers = new(StringComparer.Ordinal)
    {
        [NoEncoding.Kind] = _ => None,
        [PositionalEncoding.Kind] = o => new PositionalEncoding(o.Int("size"), o.Number("maxFrequency")),
        [GaussianEncoding.Kind] = o => new GaussianEncoding(o.Int("frequencies"), o.Number("sigma")),
    };

    /// <summary>The names of the registered kinds, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. Readers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The name in files: lower-case words joined by hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a kind known to files; a second call with the same name replaces the first.</summary>
    /// <param name="name">The <see cref="Name"/> of the kind.</param>
    /// <param name="read">Rebuilds an encoding from what <see cref="Write"/> wrote; it must treat it as hostile.</param>
    public static void Register(string name, Func<JsonObject, InputEncoding> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(read);
        Readers[name] = read;
    }

    /// <summary>Rebuilds an encoding from <see cref="ToJson"/>.</summary>
    /// <exception cref="ArgumentException">The kind is unknown (the message lists the known ones).</exception>
    public static InputEncoding FromJson(JsonObject options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string name = options.Text(NameKey);
        return Readers.TryGetValue(name, out var read)
            ? read(options)
            : throw new ArgumentException($"The encoding '{name}' is not known here; known are {string.Join(", ", Names)}. Register it with InputEncoding.Register first.", nameof(options));
    }

    /// <summary>The kind and its options, as files store them.</summary>
    public JsonObject ToJson()
    {
        var options = new JsonObject { [NameKey] = Name };
        Write(options);
        return options;
    }

    /// <summary>The numbers that the encoding makes of d coordinates.</summary>
    /// <param name="inputDimension">d.</param>
    public abstract int OutputSize(int inputDimension);

    /// <summary>The tensors of θ that belong to the encoding; none by default.</summary>
    /// <param name="inputDimension">d.</param>
    public virtual IReadOnlyList<ParameterSpec> Specs(int inputDimension) => [];

    /// <summary>Draws the tensors of <see cref="Specs"/>, in their order, in float32 on the CPU.</summary>
    /// <param name="inputDimension">d.</param>
    /// <param name="generator">The source of randomness.</param>
    public virtual IEnumerable<Tensor> Draw(int inputDimension, Generator generator) => [];

    /// <summary>Encodes coordinates.</summary>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <param name="parameters">The tensors of <see cref="Specs"/>, all with or all without a batch axis.</param>
    /// <returns>Shape [N,m] or [B,N,m] with m = <see cref="OutputSize"/>; differentiable. The coordinates themselves where nothing is done.</returns>
    public abstract Tensor Encode(Tensor coordinates, IReadOnlyList<Tensor> parameters);

    /// <summary>Adds the options of the kind to what a file stores.</summary>
    protected abstract void Write(JsonObject options);
}
