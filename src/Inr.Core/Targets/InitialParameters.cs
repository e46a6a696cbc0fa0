namespace Inr;

/// <summary>What every way of drawing an initial θ does: a generator of its own where the caller has none, and a device at the end.</summary>
public static class InitialParameters
{
    /// <summary>Draws θ.</summary>
    /// <param name="layout">Names and shapes.</param>
    /// <param name="generator">The source of randomness, on the CPU; a new one of seed 0 by default.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <param name="draw">Draws one tensor per entry of the layout, in its order, on the CPU: the same seed gives the same θ on every device.</param>
    /// <returns>θ without a batch axis.</returns>
    public static ParameterSet Draw(ParameterLayout layout, Generator? generator, Device? device, Func<Generator, IEnumerable<Tensor>> draw)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(draw);
        using var scope = NewDisposeScope();
        using var own = generator is null ? new Generator(0) : null;
        Tensor[] tensors = [.. draw(generator ?? own!)];
        return new ParameterSet(layout, [.. tensors.Select(t => device is null ? t : t.to(device))]).MoveToOuterDisposeScope();
    }
}
