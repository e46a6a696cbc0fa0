namespace Inr.Meta;

/// <summary>The inner step sizes α: one fixed number, or learned ones per tensor or per element, for all steps or for each.</summary>
internal sealed class StepSizes : IDisposable
{
    private const string Name = "step_sizes";

    // Kept for all steps: a scalar of its own for each call is freed only when it is finalised, and until then its few
    // native bytes lie between the freed activations and keep the heap from reusing them.
    private readonly Scalar _fixedFactor;
    private readonly Scalar _minusOne = -1.0;

    private readonly GradientMetaOptions _options;
    private readonly Tensor? _learned;
    // Which tensor each element of φ belongs to; null unless sizes are per tensor.
    private readonly Tensor? _owner;

    /// <param name="options">The rule.</param>
    /// <param name="tensorSizes">The numbers of φ that belong to one tensor each.</param>
    /// <param name="dtype">The type of φ.</param>
    /// <param name="device">The device of φ.</param>
    /// <param name="generator">Draws random initial sizes.</param>
    public StepSizes(GradientMetaOptions options, IReadOnlyList<long> tensorSizes, ScalarType dtype, Device device, Generator generator)
    {
        _options = options;
        _fixedFactor = -options.StepSize;
        if (options.StepSizeRule == StepSizeRule.Fixed)
            return;
        using var scope = NewDisposeScope();
        bool perTensor = options.StepSizeRule == StepSizeRule.PerTensor;
        long[] shape = [.. Specs(options, tensorSizes).Single().Shape];
        var sizes = options.StepSizeUpTo is { } upTo
            ? rand(shape, dtype: float32, device: CPU, generator: generator) * (upTo - options.StepSize) + options.StepSize
            : full(shape, options.StepSize, dtype: float64, device: CPU);
        _learned = sizes.to(dtype).to(device).clone().detach().requires_grad_().DetachFromDisposeScope();
        if (perTensor)
            _owner = cat([.. tensorSizes.Select((n, i) => full([n], i, dtype: int64, device: CPU))]).to(device).DetachFromDisposeScope();
    }

    /// <summary>Whether the outer loop learns the sizes.</summary>
    public bool IsLearned => _learned is not null;

    /// <summary>The learned sizes, [steps or 1, tensors or elements], as weights of the outer loop.</summary>
    public IEnumerable<MetaWeight> Weights => _learned is null ? [] : [new MetaWeight(Name, _learned, _options.StepSizeRateScale)];

    /// <summary>The name and shape of the weight that the options ask for, if they ask for one.</summary>
    /// <param name="options">The rule.</param>
    /// <param name="tensorSizes">The numbers of φ that belong to one tensor each.</param>
    public static IEnumerable<ParameterSpec> Specs(GradientMetaOptions options, IReadOnlyList<long> tensorSizes)
    {
        if (options.StepSizeRule == StepSizeRule.Fixed)
            return [];
        long rows = options.StepSizePerStep ? options.InnerSteps : 1;
        long columns = options.StepSizeRule == StepSizeRule.PerTensor ? tensorSizes.Count : tensorSizes.Sum();
        return [new ParameterSpec(Name, [rows, columns], ParameterRole.Weight)];
    }

    /// <summary>φ − α ∘ d.</summary>
    /// <param name="adapted">φ; shape [B,P].</param>
    /// <param name="direction">d; shape [B,P].</param>
    /// <param name="step">The inner step, from 0.</param>
    public Tensor Move(Tensor adapted, Tensor direction, int step)
    {
        if (_learned is null)
            return adapted.add(direction, _fixedFactor);
        var row = _learned.select(0, Math.Min(step, _learned.shape[0] - 1));
        return adapted.addcmul(_owner is null ? row : row.index_select(0, _owner), direction, _minusOne);
    }

    /// <summary>Clamps the learned sizes to their bounds, in place.</summary>
    public void Clamp()
    {
        if (_learned is null || (_options.MinStepSize is null && _options.MaxStepSize is null))
            return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _learned.clamp_(_options.MinStepSize ?? double.NegativeInfinity, _options.MaxStepSize ?? double.PositiveInfinity);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _learned?.Dispose();
        _owner?.Dispose();
    }
}
