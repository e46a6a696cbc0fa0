using Inr.Losses;

namespace Inr.Tests.Losses;

/// <summary>A kernel that computes what autograd does, in its own way, and counts how often it is asked; it may decline.</summary>
internal sealed class CountingKernel : ILossKernel
{
    /// <summary>Whether it does the work.</summary>
    public bool Answers { get; init; } = true;

    public int Asked { get; private set; }

    /// <summary>The samples of the last question.</summary>
    public long Samples { get; private set; }

    public (Tensor Sums, Tensor[] Gradients)? TryDifferentiate(ITargetFunction target, ParameterSet parameters, IReadOnlyList<int> wanted, LossSamples samples)
    {
        Asked++;
        Samples = samples.Count;
        if (!Answers)
            return null;
        using var scope = NewDisposeScope();
        bool batched = parameters.BatchSize is not null;
        var (a, w) = batched ? (parameters[0], parameters[1]) : (parameters[0].unsqueeze(0), parameters[1].unsqueeze(0));
        var x = samples.AllPlaces;
        x = x.dim() == 3 ? x : x.unsqueeze(0).expand(a.shape[0], x.shape[0], x.shape[1]);
        var phase = bmm(x, a);
        var wave = phase.sin();
        var y = samples.Values.dim() == 3 ? samples.Values : samples.Values.unsqueeze(0);
        var error = bmm(wave, w) - y;
        var weighted = samples.Mask is { } m ? error * m.reshape(-1, error.shape[1], 1) : error;
        var byOuter = bmm(wave.transpose(1, 2), weighted) * 2;
        var byInner = bmm(x.transpose(1, 2), bmm(weighted, w.transpose(1, 2)) * phase.cos()) * 2;
        var sums = (weighted * error).sum([1, 2]);
        Tensor Own(Tensor t) => (batched ? t : t.squeeze(0)).MoveToOuterDisposeScope();
        return (Own(sums), [.. wanted.Select(i => Own(i == 0 ? byInner : byOuter))]);
    }
}
