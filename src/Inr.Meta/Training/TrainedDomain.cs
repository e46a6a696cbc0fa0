namespace Inr.Meta;

/// <summary>Finds how the signals of a training are sampled: what <see cref="IMetaLearner.TrainedOn"/> notes.</summary>
internal static class TrainedDomain
{
    private const int MostTried = 8;

    /// <summary>The sampling of the first signal that can be read; null where the first few cannot.</summary>
    /// <remarks>Signals of a training have one shape: they are stacked.</remarks>
    public static SignalDomain? Of(ISignalDataset signals)
    {
        for (int i = 0; i < Math.Min(signals.Count, MostTried); i++)
        {
            try
            {
                using var signal = signals.Load(i);
                return signal.Domain;
            }
            catch (SignalLoadException)
            {
                // The training reports it.
            }
        }

        return null;
    }
}
