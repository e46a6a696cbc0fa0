using System.Collections.Concurrent;
using System.Text.Json;
using Inr.Files;
using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>The meta-learners that files can name: kind → plan.</summary>
/// <remarks>A file names a kind and plain options; only code that an application registered can run for it.</remarks>
public static class MetaLearnerRegistry
{
    // The learners of this package are known once it runs; the others register themselves when they start.
    private static readonly string[] BuiltInAssemblies = ["Inr.Scenes"];

    private static readonly ConcurrentDictionary<string, Func<MetaLearnerDescription, MetaLearnerPlan>> Plans = new(StringComparer.Ordinal);

    private static readonly Lazy<int> BuiltIns = new(() => BuiltInAssemblies.Count(RegisteringAssembly.Start));

    /// <summary>The registered kinds, in alphabetical order.</summary>
    public static IReadOnlyList<string> Kinds
    {
        get
        {
            _ = BuiltIns.Value;
            return [.. Plans.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Makes a kind known; a second call with the same kind replaces the first.</summary>
    /// <param name="kind">Lower-case words joined by hyphens.</param>
    /// <param name="plan">Plans the untrained learner of a description. It must treat the options as hostile, and allocates nothing of the size of the weights.</param>
    public static void Register(string kind, Func<MetaLearnerDescription, MetaLearnerPlan> plan)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(plan);
        Plans[kind] = plan;
    }

    /// <summary>Plans a learner: what weights it will have.</summary>
    /// <exception cref="InrFileException">The kind is unknown (the message lists the known ones) or its options are invalid.</exception>
    public static MetaLearnerPlan Plan(MetaLearnerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (!Plans.TryGetValue(description.Kind, out var plan))
            throw new InrFileException($"The meta-learner {InputFile.Quote(description.Kind)} is not known here; known are {string.Join(", ", Kinds)}. Register it with MetaLearnerRegistry.Register before loading.");
        return Guard(description, () => plan(description));
    }

    /// <summary>Rebuilds a learner without its trained weights.</summary>
    /// <exception cref="InrFileException">The kind is unknown (the message lists the known ones) or its options are invalid.</exception>
    public static IMetaLearner Create(MetaLearnerDescription description, Device? device = null)
    {
        var plan = Plan(description);
        return Guard(description, () => plan.Create(device));
    }

    private static T Guard<T>(MetaLearnerDescription description, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or OverflowException or NullReferenceException or OptionsValidationException)
        {
            throw new InrFileException($"The options of the meta-learner {InputFile.Quote(description.Kind)} are invalid: {InputFile.OneLine(e.Message)}", e);
        }
    }
}
