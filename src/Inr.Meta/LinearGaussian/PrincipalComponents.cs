namespace Inr.Meta;

/// <summary>Mean and principal components of many rows, which are read in batches, as often as it takes.</summary>
/// <remarks>
/// Rows that fit in memory give the products of rows (fewer rows than numbers) or of numbers; rows that do not are added up
/// to the products of numbers, or, where those are too many, read anew for each product with a trial basis. Where a mirror
/// changes only signs, numbers of either sign are independent, and each half is a problem of its own.
/// </remarks>
internal sealed class PrincipalComponents
{
    // Products of numbers: 1 GB of float32.
    private const long LargestCovariance = 16_384;

    private readonly Func<IEnumerable<Tensor>> _batches;
    private readonly bool _kept;
    private readonly long _width;
    private readonly Tensor? _signs;
    private readonly Generator _generator;

    /// <summary>Describes the rows.</summary>
    /// <param name="batches">Gives all batches [b,P] in the same order each time; a batch lives until the next is asked for.</param>
    /// <param name="width">P.</param>
    /// <param name="kept">Whether there is one batch, which lives as long as this.</param>
    /// <param name="signs">Shape [P] of ±1: what a mirror does; null without.</param>
    /// <param name="generator">Draws where searches start.</param>
    public PrincipalComponents(Func<IEnumerable<Tensor>> batches, long width, bool kept, Tensor? signs, Generator generator)
    {
        _batches = batches;
        _width = width;
        _kept = kept;
        _signs = signs;
        _generator = generator;
    }

    /// <summary>Finds them.</summary>
    /// <param name="count">Components at most.</param>
    /// <returns>The mean [P], the components [n,P] and their variances [n], falling; n is smaller where the rows have no more.</returns>
    public (Tensor Mean, Tensor Components, Tensor Variances) Find(long count)
    {
        using var scope = NewDisposeScope();
        long rows = 0;
        Tensor? sum = null;
        foreach (var batch in _batches())
        {
            using var piece = NewDisposeScope();
            rows += batch.shape[0];
            sum ??= zeros([_width], float64, batch.device).DetachFromDisposeScope();
            sum.add_(batch.sum(0, type: float64));
        }

        var mean = (sum! / rows).to(float32);
        sum!.Dispose();
        if (_signs is null)
        {
            var whole = Block(null, mean, rows, count);
            return (mean.MoveToOuterDisposeScope(), whole.Vectors.MoveToOuterDisposeScope(), whole.Values.MoveToOuterDisposeScope());
        }

        // The mirrored rows take the odd part of the mean away.
        mean = mean * (_signs + 1) / 2;
        var found = new List<(Tensor Values, Tensor Vectors)>();
        foreach (int sign in (int[])[1, -1])
        {
            var columns = _signs.eq(sign).nonzero().squeeze(1);
            if (columns.shape[0] == 0)
                continue;
            // Of a little more than half from each, the largest of both are rarely missed.
            var (values, vectors) = Block(columns, mean.index_select(0, columns), rows, Math.Min(count, (count * 7 / 10) + 20));
            found.Add((values, zeros([vectors.shape[0], mean.shape[0]], float32, mean.device).index_copy_(1, columns, vectors)));
        }

        var all = cat([.. found.Select(f => f.Values)]);
        long kept = Math.Min(count, all.shape[0]);
        var order = all.argsort(descending: true).narrow(0, 0, kept);
        return (mean.MoveToOuterDisposeScope(), cat([.. found.Select(f => f.Vectors)]).index_select(0, order).MoveToOuterDisposeScope(), all.index_select(0, order).MoveToOuterDisposeScope());
    }

    private (Tensor Values, Tensor Vectors) Block(Tensor? columns, Tensor mean, long rows, long count)
    {
        using var scope = NewDisposeScope();
        long width = mean.shape[0];
        count = Math.Min(count, Math.Min(rows, width));
        Tensor Centred(Tensor batch) => (columns is null ? batch : batch.index_select(1, columns)) - mean;
        IEnumerable<Tensor> Pieces()
        {
            foreach (var batch in _batches())
            {
                using var piece = NewDisposeScope();
                yield return Centred(batch);
            }
        }

        Tensor values, vectors;
        if (_kept && rows <= width)
        {
            var x = Centred(_batches().Single());
            (values, var inner) = SymmetricTop.Of(x.mm(x.transpose(0, 1)) / rows, count, _generator);
            vectors = inner.transpose(0, 1).mm(x) / (values.clamp_min(1e-30) * rows).sqrt().unsqueeze(1);
        }
        else if (width <= LargestCovariance)
        {
            var covariance = zeros([width, width], float32, mean.device);
            foreach (var x in Pieces())
                covariance.addmm_(x.transpose(0, 1), x, 1, 1f / rows);
            (values, var inner) = SymmetricTop.Of(covariance, count, _generator);
            vectors = inner.transpose(0, 1);
        }
        else
        {
            (values, var inner) = SymmetricTop.Of(
                q =>
                {
                    var product = zeros_like(q);
                    foreach (var x in Pieces())
                        product.addmm_(x.transpose(0, 1), x.mm(q), 1, 1f / rows);
                    return product;
                },
                width, count, 2, _generator, float32, mean.device);
            vectors = inner.transpose(0, 1);
        }

        // What is rounding is no component.
        long real = Math.Max(1, values.gt((values.max() * 1e-7).clamp_min(1e-20)).sum().item<long>());
        values = values.narrow(0, 0, real).clamp_min(0);
        vectors = vectors.narrow(0, 0, real);
        return (values.clone().MoveToOuterDisposeScope(), vectors.isfinite().logical_not().any().item<bool>() ? zeros_like(vectors).MoveToOuterDisposeScope() : vectors.clone().MoveToOuterDisposeScope());
    }
}
