namespace Inr.Parameterizations.Engine;

/// <summary>One call of the engine cut into items for threads, with the memory that it needs: kept for the next call, so that a step allocates nothing.</summary>
/// <remarks>
/// One function is cut into runs of its points; of several functions each is an item. What an item computes does not depend on the number of
/// threads, and the gradients of items are added in their order: any number of threads gives the same bits.
/// </remarks>
internal sealed unsafe class EngineWork(NetworkPlan plan, TileNetwork network, float[] frequencies) : ParallelWork
{
    // Values: an item is so many tiles. Gradients: at most so many items, of at least so many points, whose gradients take so many floats together.
    private const int TilesPerItem = 8;
    private const int MostShards = 16;
    private const int FewShards = 4;
    private const int PointsPerShard = 1_024;
    private const nint MostGradientFloats = 1 << 23;

    private readonly AlignedMemory _weights = new();
    private readonly AlignedMemory _gradients = new();
    private readonly List<AlignedMemory> _scratch = [];
    private readonly List<AlignedMemory> _ownWeights = [];
    private readonly List<AlignedMemory> _ownGradients = [];
    private readonly nint[] _tensors = new nint[plan.FrequencyTensors + 2 * plan.Layers.Length];
    private readonly nint[] _results = new nint[2 * plan.Layers.Length];
    private Stage _stage;
    private float* _packed;
    private long _count;
    private bool _several;
    private PointSource[] _sources = [];
    private float* _values;
    private float* _mask;
    private double[] _sums = [];
    private int _items;
    private bool _begins;

    private enum Stage
    {
        Values,
        Gradients,
        Gather,
    }

    /// <summary>Addresses of the tensors of θ, in the order of the layout.</summary>
    public Span<nint> Tensors => _tensors;

    /// <summary>Addresses of the gradients of weight and bias of each layer.</summary>
    public Span<nint> Results => _results;

    /// <summary>Polled between tiles of points.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <inheritdoc/>
    public override int Items => _items;

    private long Tiles => (_count + plan.TilePoints - 1) / plan.TilePoints;

    /// <summary>Packs the only function of <see cref="Tensors"/> into memory of this object.</summary>
    public float* Pack()
    {
        float* packed = _weights.AtLeast(plan.WeightFloats);
        WeightPacking.Pack(plan, _tensors, 0, frequencies, packed);
        return packed;
    }

    /// <summary>The values of one function.</summary>
    /// <param name="packed">Its packed weights.</param>
    /// <param name="points">Where the points come from.</param>
    /// <param name="count">Their number.</param>
    /// <param name="values">Shape [count,c].</param>
    /// <param name="threads">The most threads.</param>
    public void Evaluate(float* packed, in PointSource points, long count, float* values, int threads)
    {
        _packed = packed;
        Source(1)[0] = points;
        _several = false;
        _count = count;
        _values = values;
        _mask = null;
        Run(Stage.Values, (Tiles + TilesPerItem - 1) / TilesPerItem, threads);
    }

    /// <summary>The values of the functions of <see cref="Tensors"/>.</summary>
    /// <param name="functions">Their number.</param>
    /// <param name="points">Shape [B,N,d], or [N,d] for all.</param>
    /// <param name="own">Whether each function has points of its own.</param>
    /// <param name="count">N.</param>
    /// <param name="values">Shape [B,N,c].</param>
    /// <param name="threads">The most threads.</param>
    public void Evaluate(long functions, float* points, bool own, long count, float* values, int threads)
    {
        Functions(functions, points, own, count, values, null);
        Run(Stage.Values, functions, threads);
    }

    /// <summary>Σ mask·(f − y)² of one function over some of its points; the gradient is kept until it is gathered.</summary>
    /// <param name="packed">Its packed weights.</param>
    /// <param name="points">Shape [count,d].</param>
    /// <param name="count">Their number.</param>
    /// <param name="observed">Shape [count,c].</param>
    /// <param name="mask">Shape [count], or null.</param>
    /// <param name="shards">How many gradients are kept apart: <see cref="Shards"/>.</param>
    /// <param name="begins">Whether these are the first points.</param>
    /// <param name="threads">The most threads.</param>
    public double Differentiate(float* packed, float* points, long count, float* observed, float* mask, int shards, bool begins, int threads)
    {
        _packed = packed;
        Source(1)[0] = new PointSource(points, plan.Coordinates);
        _several = false;
        _count = count;
        _values = observed;
        _mask = mask;
        _begins = begins;
        _gradients.AtLeast(shards * plan.GradientFloats);
        Sums(shards);
        Run(Stage.Gradients, shards, threads);
        double sum = 0;
        for (int s = 0; s < shards; s++)
            sum += _sums[s];
        return sum;
    }

    /// <summary>Adds the gradients that are kept apart and writes them to <see cref="Results"/>.</summary>
    public void Gather(int shards, int threads)
    {
        _count = shards;
        _several = false;
        Run(Stage.Gather, GatherItems, threads);
    }

    /// <summary>The sums of the functions of <see cref="Tensors"/>, and their gradients in <see cref="Results"/>.</summary>
    /// <param name="functions">Their number B.</param>
    /// <param name="points">Shape [B,N,d], or [N,d] for all.</param>
    /// <param name="own">Whether each function has points of its own.</param>
    /// <param name="count">N.</param>
    /// <param name="observed">Shape [B,N,c].</param>
    /// <param name="mask">Shape [B,N], or null.</param>
    /// <param name="threads">The most threads.</param>
    /// <returns>One sum for each function; they stay until the next call.</returns>
    public ReadOnlySpan<double> Differentiate(long functions, float* points, bool own, long count, float* observed, float* mask, int threads)
    {
        Functions(functions, points, own, count, observed, mask);
        Sums((int)functions);
        Run(Stage.Gradients, functions, threads);
        return _sums.AsSpan(0, (int)functions);
    }

    /// <summary>How many gradients to keep apart for so many points of one function; it depends on nothing else.</summary>
    public int Shards(long points)
    {
        long tiles = (points + plan.TilePoints - 1) / plan.TilePoints;
        long wanted = Math.Max(points / PointsPerShard, Math.Min(FewShards, tiles / 2));
        long room = Math.Max(FewShards, MostGradientFloats / plan.GradientFloats);
        return (int)Math.Clamp(wanted, 1, Math.Min(MostShards, room));
    }

    /// <inheritdoc/>
    protected override void Do(int item, int slot)
    {
        float* scratch = _scratch[slot].AtLeast(network.ScratchFloats);
        if (_stage == Stage.Gather)
        {
            Gather(item, _gradients.AtLeast(0), (int)_count, 0);
            return;
        }

        bool several = _several;
        int function = several ? item : 0;
        float* packed = _packed;
        if (several)
        {
            packed = _ownWeights[slot].AtLeast(plan.WeightFloats);
            WeightPacking.Pack(plan, _tensors, function, frequencies, packed);
        }

        long first = several ? 0 : Tiles * item / _items;
        long end = several ? Tiles : Tiles * (item + 1) / _items;
        ref readonly var source = ref _sources[function];
        float* values = _values + function * _count * plan.Channels;
        if (_stage == Stage.Values)
        {
            for (long t = first; t < end; t++)
                network.Evaluate(packed, source, t * plan.TilePoints, PointsOf(t), values + t * plan.TilePoints * plan.Channels, scratch);
            return;
        }

        float* mask = _mask is null ? null : _mask + function * _count;
        float* gradient = several ? _ownGradients[slot].AtLeast(plan.GradientFloats) : _gradients.AtLeast(0) + item * plan.GradientFloats;
        double sum = 0;
        for (long t = first; t < end; t++)
        {
            Cancellation.ThrowIfCancellationRequested();
            long start = t * plan.TilePoints;
            sum += network.Differentiate(packed, source, start, PointsOf(t), values + start * plan.Channels, mask is null ? null : mask + start, gradient, t == first && (several || _begins), scratch);
        }

        _sums[item] = sum;
        if (several)
        {
            for (int i = 0; i < GatherItems; i++)
                Gather(i, gradient, 1, function);
        }
    }

    private int GatherItems
    {
        get
        {
            int items = 0;
            foreach (var layer in plan.Layers)
                items += GatherItemsOf(layer);
            return items;
        }
    }

    private static int GatherItemsOf(LayerPlan layer) => layer.IsNarrow ? 1 : layer.InputPanels;

    private void Gather(int item, float* gradients, int shards, long function)
    {
        int l = 0;
        for (; item >= GatherItemsOf(plan.Layers[l]); l++)
            item -= GatherItemsOf(plan.Layers[l]);
        var layer = plan.Layers[l];
        network.Gather(l, item, gradients, shards, plan.GradientFloats,
            (float*)_results[2 * l] + function * layer.Outputs * layer.ColumnCount, (float*)_results[2 * l + 1] + function * layer.Outputs);
    }

    private int PointsOf(long tile) => (int)Math.Min(plan.TilePoints, _count - tile * plan.TilePoints);

    private void Functions(long functions, float* points, bool own, long count, float* values, float* mask)
    {
        _several = true;
        _count = count;
        _values = values;
        _mask = mask;
        var sources = Source((int)functions);
        for (long b = 0; b < functions; b++)
            sources[b] = new PointSource(own ? points + b * count * plan.Coordinates : points, plan.Coordinates);
    }

    private PointSource[] Source(int count)
    {
        if (_sources.Length < count)
            _sources = new PointSource[count];
        return _sources;
    }

    private void Sums(int count)
    {
        if (_sums.Length < count)
            _sums = new double[count];
    }

    private void Run(Stage stage, long items, int threads)
    {
        _stage = stage;
        _items = checked((int)items);
        // A thread's memory is made by the thread, the places for it are not.
        while (_scratch.Count < Math.Max(1, Math.Min(threads, _items)))
        {
            _scratch.Add(new AlignedMemory());
            _ownWeights.Add(new AlignedMemory());
            _ownGradients.Add(new AlignedMemory());
        }

        WorkerPool.Run(this, threads);
    }
}
