using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>The target functions that files can name: kind → factory.</summary>
/// <remarks>A file names a kind and plain options; only code that an application registered can run for it.</remarks>
public static class TargetRegistry
{
    // They register themselves when they start; an app that only loads files has not touched them yet.
    private static readonly string[] BuiltInAssemblies = ["Inr.Parameterizations", "Inr.Scenes"];

    private static readonly ConcurrentDictionary<string, Func<JsonObject, ITargetFunction>> Factories = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<byte, Func<byte[], CompactContent>> CompactReaders = new();

    private static readonly Lazy<int> BuiltIns = new(() => BuiltInAssemblies.Count(RegisteringAssembly.Start));

    /// <summary>The registered kinds, in alphabetical order.</summary>
    public static IReadOnlyList<string> Kinds
    {
        get
        {
            _ = BuiltIns.Value;
            return [.. Factories.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Makes a kind known; a second call with the same kind replaces the first.</summary>
    /// <param name="kind">Lower-case words joined by hyphens.</param>
    /// <param name="factory">Rebuilds the function from its options; it must treat them as hostile.</param>
    public static void Register(string kind, Func<JsonObject, ITargetFunction> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(factory);
        Factories[kind] = factory;
    }

    /// <summary>Makes a compact form of files known (<see cref="ICompactTarget"/>); a second call with the same number replaces the first.</summary>
    /// <param name="form">Its number; those below 128 are this library's.</param>
    /// <param name="read">
    /// Reads all bytes of θ, which may be hostile: it checks what they say before it allocates, decodes what may be damaged, and
    /// throws <see cref="FormatException"/> where they are.
    /// </param>
    public static void RegisterCompact(byte form, Func<byte[], CompactContent> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        CompactReaders[form] = read;
    }

    /// <summary>What the bytes of a compact form hold.</summary>
    /// <exception cref="InrFileException">The form is unknown, or the bytes are damaged.</exception>
    internal static CompactContent ReadCompact(byte form, byte[] bytes)
    {
        if (!CompactReaders.TryGetValue(form, out var read))
        {
            _ = BuiltIns.Value;
            if (!CompactReaders.TryGetValue(form, out read))
                throw new InrFileException($"its compact form {form} is not known here; register it with TargetRegistry.RegisterCompact before loading.");
        }

        try
        {
            return read(bytes);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw new InrFileException(e.Message, e);
        }
    }

    /// <summary>Rebuilds a target function.</summary>
    /// <exception cref="InrFileException">The kind is unknown (the message lists the known ones) or its options are invalid.</exception>
    public static ITargetFunction Create(TargetDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (!Factories.TryGetValue(description.Kind, out var factory))
        {
            _ = BuiltIns.Value;
            if (!Factories.TryGetValue(description.Kind, out factory))
                throw new InrFileException($"The target function '{description.Kind}' is not known here; known are {string.Join(", ", Kinds)}. Register it with TargetRegistry.Register before loading.");
        }

        try
        {
            return factory(description.Options);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or OverflowException or NullReferenceException or OptionsValidationException)
        {
            throw new InrFileException($"The options of the target function '{description.Kind}' are invalid: {e.Message}", e);
        }
    }
}
