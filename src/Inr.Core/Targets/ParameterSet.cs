namespace Inr;

/// <summary>Parameters θ: the tensors of a <see cref="ParameterLayout"/>, for one function or for B at once.</summary>
/// <remarks>
/// With a batch, every tensor has one leading axis B. A set owns its tensors; it is immutable by convention: methods
/// return new sets and leave this one as it is. Sets that are made inside a dispose scope belong to it until
/// <see cref="MoveToOuterDisposeScope"/> or <see cref="DetachFromDisposeScope"/>.
/// </remarks>
public sealed class ParameterSet : IDisposable
{
    private readonly Tensor[] _tensors;

    /// <summary>Creates a set that takes ownership of its tensors.</summary>
    /// <param name="layout">Names and shapes.</param>
    /// <param name="tensors">One tensor per entry of the layout, in its order, all with or all without a batch axis.</param>
    /// <exception cref="ArgumentException">A shape or the batch sizes disagree; the message prints both.</exception>
    public ParameterSet(ParameterLayout layout, IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count != layout.Count)
            throw new ArgumentException($"The layout has {layout.Count} parameters but {tensors.Count} tensors were given.", nameof(tensors));

        Layout = layout;
        _tensors = [.. tensors];
        for (int i = 0; i < _tensors.Length; i++)
        {
            var shape = _tensors[i].shape;
            var spec = layout[i];
            bool batched = shape.Length == spec.Shape.Count + 1;
            long? batch = batched ? shape[0] : null;
            bool fits = (batched || shape.Length == spec.Shape.Count) && shape.AsSpan(batched ? 1 : 0).SequenceEqual([.. spec.Shape]);
            if (i == 0)
                BatchSize = batch;
            if (!fits || batch != BatchSize)
            {
                string expected = BatchSize is { } b && i > 0 ? Shapes.List([b, .. spec.Shape]) : Shapes.List(spec.Shape);
                throw new ArgumentException($"Parameter '{spec.Name}' must have the shape {expected}{(i == 0 ? ", with or without a leading batch axis" : "")}; it is {Shapes.List(shape)}.", nameof(tensors));
            }
        }
    }

    /// <summary>Names and shapes.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The number of functions B, or null where the tensors have no batch axis.</summary>
    public long? BatchSize { get; }

    /// <summary>The tensors in the order of the layout.</summary>
    public IReadOnlyList<Tensor> Tensors => _tensors;

    /// <summary>The tensor of a name; the set keeps it.</summary>
    public Tensor this[string name] => _tensors[Layout.IndexOf(name)];

    /// <summary>The tensor at a position of the layout; the set keeps it.</summary>
    public Tensor this[int index] => _tensors[index];

    /// <summary>The device of the tensors.</summary>
    public Device Device => _tensors.Length == 0 ? CPU : _tensors[0].device;

    /// <summary>The type of the tensors.</summary>
    public ScalarType ScalarType => _tensors.Length == 0 ? ScalarType.Float32 : _tensors[0].dtype;

    /// <summary>A new set whose tensors are made from these, one by one.</summary>
    public ParameterSet Map(Func<ParameterSpec, Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var scope = NewDisposeScope();
        var result = new Tensor[_tensors.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = map(Layout[i], _tensors[i]);
        // What the map made on the way goes with the scope; a tensor that it only passed on stays where it was.
        foreach (var t in result)
        {
            if (scope.Contains(t))
                scope.MoveToOuter(t);
        }

        return new ParameterSet(Layout, result);
    }

    /// <summary>A copy with memory of its own; gradients flow through it.</summary>
    public ParameterSet Clone() => Map((_, t) => t.clone());

    /// <summary>A copy outside any autograd graph.</summary>
    public ParameterSet Detach() => Map((_, t) => t.detach().clone());

    /// <summary>A detached copy whose trainable tensors require gradients.</summary>
    public ParameterSet AsLeaves() => Map((spec, t) => t.detach().clone().requires_grad_(spec.IsTrainable));

    /// <summary>The tensors that gradient methods change, in the order of the layout; the set keeps them.</summary>
    public Tensor[] Trainable() => [.. _tensors.Where((_, i) => Layout[i].IsTrainable)];

    /// <summary>A set with other trainable tensors; the rest is shared with this one without a copy.</summary>
    /// <param name="trainable">One tensor per trainable entry of the layout, in its order; the new set owns them.</param>
    /// <exception cref="ArgumentException">The count or a shape does not fit.</exception>
    public ParameterSet WithTrainable(IReadOnlyList<Tensor> trainable)
    {
        ArgumentNullException.ThrowIfNull(trainable);
        int expected = Layout.Count(s => s.IsTrainable);
        if (trainable.Count != expected)
            throw new ArgumentException($"The layout has {expected} trainable parameters but {trainable.Count} tensors were given.", nameof(trainable));
        int next = 0;
        // An alias is a handle of its own, so that either set can be disposed of first.
        return Map((spec, t) => spec.IsTrainable ? trainable[next++] : t.alias());
    }

    /// <summary>A copy on another device.</summary>
    public ParameterSet To(Device device) => Map((_, t) => t.to(device, copy: true));

    /// <summary>A copy of another floating-point type.</summary>
    public ParameterSet To(ScalarType dtype) => Map((_, t) => t.to(dtype, copy: true));

    /// <summary>The parameters of one function of a batch; gradients flow through it.</summary>
    /// <exception cref="InvalidOperationException">The set has no batch axis.</exception>
    public ParameterSet Select(long index)
    {
        RequireBatch();
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, BatchSize!.Value);
        return Map((_, t) => t.select(0, index).clone());
    }

    /// <summary>The same parameters for B functions: the tensors gain a leading axis without a copy; gradients sum over it.</summary>
    /// <exception cref="InvalidOperationException">The set has a batch axis already.</exception>
    public ParameterSet Expand(long batch)
    {
        if (BatchSize is not null)
            throw new InvalidOperationException($"The set already has a batch axis of {BatchSize}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return Map((_, t) => t.unsqueeze(0).expand([batch, .. t.shape]));
    }

    /// <summary>Stacks sets without a batch axis into one set of B; gradients flow through it.</summary>
    /// <exception cref="ArgumentException">There is none, layouts differ, or one has a batch axis.</exception>
    public static ParameterSet Stack(IReadOnlyList<ParameterSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
            throw new ArgumentException("There is no parameter set to stack.", nameof(sets));
        if (sets.Any(s => s.BatchSize is not null || !s.Layout.IsCompatibleWith(sets[0].Layout)))
            throw new ArgumentException("Only sets of one layout and without a batch axis can be stacked.", nameof(sets));
        return sets[0].Map((spec, _) => stack(sets.Select(s => s[spec.Name]).ToArray()));
    }

    /// <summary>All numbers in the order of the layout.</summary>
    /// <returns>Shape [P], or [B,P] with a batch; gradients flow through it.</returns>
    public Tensor Flatten()
    {
        using var scope = NewDisposeScope();
        var parts = _tensors.Select(t => BatchSize is { } b ? t.reshape(b, -1) : t.reshape(-1)).ToArray();
        return cat(parts, dim: -1).MoveToOuterDisposeScope();
    }

    /// <summary>The inverse of <see cref="Flatten"/>; gradients flow through it.</summary>
    /// <param name="layout">Names and shapes.</param>
    /// <param name="flat">Shape [P] or [B,P].</param>
    /// <exception cref="ArgumentException">P is not the layout's float count.</exception>
    public static ParameterSet FromFlat(ParameterLayout layout, Tensor flat)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Shapes.Require(flat, "flat", "[P] or [B,P]", 1, 2);
        if (flat.shape[^1] != layout.FloatCount)
            throw new ArgumentException($"The layout has {layout.FloatCount} numbers but flat is {Shapes.Text(flat)}.", nameof(flat));
        long[] lead = flat.dim() == 2 ? [flat.shape[0]] : [];
        var tensors = new Tensor[layout.Count];
        long offset = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = flat.narrow(-1, offset, layout[i].Count).reshape([.. lead, .. layout[i].Shape]);
            offset += layout[i].Count;
        }

        return new ParameterSet(layout, tensors);
    }

    /// <summary>Whether a number is NaN or infinite.</summary>
    public bool HasNonFinite()
    {
        using var scope = NewDisposeScope();
        return _tensors.Any(t => !t.isfinite().all().item<bool>());
    }

    /// <summary>Hands the tensors to the surrounding dispose scope.</summary>
    /// <returns>This set.</returns>
    public ParameterSet MoveToOuterDisposeScope()
    {
        foreach (var t in _tensors)
            t.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Takes the tensors out of every dispose scope: they live until <see cref="Dispose"/>.</summary>
    /// <returns>This set.</returns>
    public ParameterSet DetachFromDisposeScope()
    {
        foreach (var t in _tensors)
            t.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in _tensors)
            t.Dispose();
    }

    private void RequireBatch()
    {
        if (BatchSize is null)
            throw new InvalidOperationException("The set has no batch axis.");
    }
}
