namespace Inr.Meta;

/// <summary>Takes a share of the samples of each signal of a batch, without replacement.</summary>
internal static class SampleSubset
{
    /// <summary>A new batch of the drawn samples.</summary>
    /// <param name="batch">B signals.</param>
    /// <param name="fraction">The share of the longest signal's samples to draw, in (0,1]; at least one is drawn.</param>
    /// <param name="generator">The source of randomness, on the CPU.</param>
    /// <returns>Signals on one grid share the drawn places; others draw their own, real samples before padding.</returns>
    public static SignalBatch Draw(SignalBatch batch, double fraction, Generator generator)
    {
        using var scope = NewDisposeScope();
        long all = batch.SampleCount;
        long count = Math.Clamp((long)Math.Round(all * fraction), 1, all);
        if (count == all)
            return new SignalBatch(batch.Coordinates.clone(), batch.Values.clone(), batch.Mask?.clone(), batch.Domain);

        var device = batch.Values.device;
        if (batch.Coordinates.dim() == 2 && batch.Mask is null)
        {
            var index = randperm(all, device: CPU, generator: generator).narrow(0, 0, count).to(device);
            return new SignalBatch(batch.Coordinates.index_select(0, index), batch.Values.index_select(1, index));
        }

        var noise = rand([batch.Count, all], dtype: float32, device: CPU, generator: generator).to(device);
        return Largest(batch, noise, count);
    }

    /// <summary>The samples of the largest scores of each signal.</summary>
    /// <param name="batch">B signals.</param>
    /// <param name="scores">Shape [B,N], at least 0; padding comes last whatever its score.</param>
    /// <param name="count">Samples to keep of each signal.</param>
    public static SignalBatch Largest(SignalBatch batch, Tensor scores, long count)
    {
        using var scope = NewDisposeScope();
        var ranked = batch.Mask is null ? scores : scores.masked_fill(batch.Mask.eq(0), -1);
        var places = ranked.topk((int)count, 1).indexes;
        var x = batch.Coordinates;
        var coordinates = x.dim() == 3 ? x : x.unsqueeze(0).expand(batch.Count, x.shape[0], x.shape[1]);
        return new SignalBatch(Pick(coordinates, places), Pick(batch.Values, places), batch.Mask?.gather(1, places));
    }

    private static Tensor Pick(Tensor samples, Tensor places) =>
        samples.gather(1, places.unsqueeze(-1).expand(places.shape[0], places.shape[1], samples.shape[2]));
}
