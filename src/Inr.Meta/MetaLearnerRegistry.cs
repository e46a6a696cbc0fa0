using System.Collections.Concurrent;
using System.Text.Json;

namespace Inr;

/// <summary>The meta-learners that files can name: kind → factory.</summary>
/// <remarks>A file names a kind and plain options; only code that an application registered can run for it.</remarks>
public static class MetaLearnerRegistry
{
    // The learners of this package are known once it runs; the others register themselves when they start.
    private static readonly string[] BuiltInAssemblies = ["Inr.Scenes"];

    private static readonly ConcurrentDictionary<string, Func<MetaLearnerDescription, Device, IMetaLearner>> Factories = new(StringComparer.Ordinal);

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
    /// <param name="factory">Rebuilds the untrained learner on a device; it must treat the options as hostile.</param>
    public static void Register(string kind, Func<MetaLearnerDescription, Device, IMetaLearner> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(factory);
        Factories[kind] = factory;
    }

    /// <summary>Rebuilds a learner without its trained weights.</summary>
    /// <exception cref="InrFileException">The kind is unknown (the message lists the known ones) or its options are invalid.</exception>
    public static IMetaLearner Create(MetaLearnerDescription description, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (!Factories.TryGetValue(description.Kind, out var factory))
        {
            _ = BuiltIns.Value;
            if (!Factories.TryGetValue(description.Kind, out factory))
                throw new InrFileException($"The meta-learner '{description.Kind}' is not known here; known are {string.Join(", ", Kinds)}. Register it with MetaLearnerRegistry.Register before loading.");
        }

        try
        {
            return factory(description, device ?? CPU);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or OverflowException or NullReferenceException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            throw new InrFileException($"The options of the meta-learner '{description.Kind}' are invalid: {e.Message}", e);
        }
    }
}
