namespace Inr;

/// <summary>A change of an options record that an application registered: see <c>ConfigureInr</c>.</summary>
/// <remarks>Options are immutable, so that a change gives a new record: <c>o => o with { Width = 128 }</c>.</remarks>
/// <typeparam name="TOptions">The options record.</typeparam>
public sealed class OptionsChange<TOptions>
    where TOptions : class
{
    private readonly Func<TOptions, TOptions> _change;

    /// <summary>Creates a change.</summary>
    /// <param name="change">Gives the changed options.</param>
    public OptionsChange(Func<TOptions, TOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _change = change;
    }

    /// <summary>The changed options.</summary>
    public TOptions Apply(TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _change(options) ?? throw new InvalidOperationException($"A change of {typeof(TOptions).Name} gave null; it must give the changed options.");
    }
}
