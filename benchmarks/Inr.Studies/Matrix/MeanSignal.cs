using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies.Matrix;

/// <summary>The mean of the signals to learn from, as a place to start.</summary>
internal static class MeanSignal
{
    private const int Signals = 200;
    private const double Ridge = 1e-3;
    private const string BasePrefix = "base_params.";

    /// <summary>Initial parameters whose linear part is that of the mean signal.</summary>
    public static ParameterSet Solve(ILinearInParameters target, ISignalDataset signals)
    {
        using var scope = NewDisposeScope();
        int count = Math.Min(Signals, signals.Count);
        Tensor? sum = null;
        Tensor? places = null;
        for (int i = 0; i < count; i++)
        {
            using var signal = signals.Load(i);
            sum = sum is null ? signal.Values.clone() : sum + signal.Values;
            places ??= signal.Coordinates.clone();
        }

        var initial = target.Initialize();
        return target.SolveLinear(initial, places!, sum! / count, Ridge).DetachFromDisposeScope();
    }

    /// <summary>Makes them the shared weights of a transformer.</summary>
    public static void CopyTo(ParameterSet start, IMetaLearner learner)
    {
        using var _ = no_grad();
        // What a learner solves rather than generates, it has no shared weights of.
        foreach (var weight in learner.Weights.Where(w => w.Name.StartsWith(BasePrefix, StringComparison.Ordinal) && start.Layout.Contains(w.Name[BasePrefix.Length..])))
            weight.Tensor.copy_(start[weight.Name[BasePrefix.Length..]]);
    }
}
