namespace Inr.Meta;

/// <summary>The signals of one outer step: what to adapt to, what to be judged on, and their names.</summary>
/// <remarks>Where context and query are the same samples they are the same object.</remarks>
public sealed class MetaBatch : IDisposable
{
    /// <summary>Creates a batch that takes ownership of its samples.</summary>
    /// <param name="context">B signals.</param>
    /// <param name="query">The same B signals at other samples; the context itself by default.</param>
    /// <param name="names">One name per signal, for messages.</param>
    /// <exception cref="ArgumentException">The numbers of signals differ, or a set has no sample.</exception>
    public MetaBatch(SignalBatch context, SignalBatch? query = null, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        Context = context;
        Query = query ?? context;
        Names = names ?? [.. Enumerable.Range(0, (int)context.Count).Select(i => $"signal {i}")];
        if (Query.Count != Context.Count || Names.Count != Context.Count)
            throw new ArgumentException($"The context has {Context.Count} signals, the query {Query.Count}, and there are {Names.Count} names; they must agree.", nameof(query));
        if (Context.SampleCount == 0)
            throw new ArgumentException("The context has no sample: raise ContextFraction.", nameof(context));
        if (Query.SampleCount == 0)
            throw new ArgumentException("The query has no sample: raise QueryFraction.", nameof(query));
    }

    /// <summary>The samples to adapt to.</summary>
    public SignalBatch Context { get; }

    /// <summary>The samples to be judged on.</summary>
    public SignalBatch Query { get; }

    /// <summary>What messages call the signals.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Ends the outer step on the way: an objective may ask it between pieces of its work and throw, and the step is then not done.</summary>
    /// <value>The default never ends it.</value>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The number of signals B.</summary>
    public int Count => Names.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        Context.Dispose();
        if (!ReferenceEquals(Context, Query))
            Query.Dispose();
    }
}
