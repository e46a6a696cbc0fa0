namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>What the cosine expansions share: batches, the choice between direct and differentiable evaluation, and rendering.</summary>
internal static class ExpansionEvaluation
{
    // A grid is rendered with tables of all cosines of an interval at its samples: 256 MB of them at the most.
    private const double MostTableFloats = 1 << 26;

    /// <summary>Evaluates a target whose coefficients are summed region by region.</summary>
    /// <param name="target">The target.</param>
    /// <param name="parameters">θ, checked, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <param name="structure">Reads the partition of one θ.</param>
    /// <param name="dense">Makes one θ ready for direct evaluation.</param>
    public static Tensor Evaluate(ITargetFunction target, ParameterSet parameters, Tensor coordinates, Func<ParameterSet, PiecewiseStructure> structure, Func<ParameterSet, DenseRegions> dense)
    {
        using var scope = NewDisposeScope();
        if (parameters.BatchSize is { } batch)
        {
            var parts = new Tensor[batch];
            for (long b = 0; b < batch; b++)
                parts[b] = Evaluate(target, parameters.Select(b), coordinates.dim() == 3 ? coordinates.select(0, b) : coordinates, structure, dense);
            return stack(parts).MoveToOuterDisposeScope();
        }

        if (coordinates.dim() == 3)
        {
            var flat = Evaluate(target, parameters, coordinates.reshape(-1, target.InputDimension), structure, dense);
            return flat.reshape(coordinates.shape[0], coordinates.shape[1], target.OutputDimension).MoveToOuterDisposeScope();
        }

        bool needsGradient = is_grad_enabled() && (coordinates.requires_grad || parameters.Tensors.Any(t => t.requires_grad));
        bool direct = !needsGradient && coordinates.device_type == DeviceType.CPU && coordinates.dtype == ScalarType.Float32;
        var result = direct
            ? Direct(target, dense(parameters), parameters, coordinates)
            : DifferentiableExpansion.Evaluate(structure(parameters), parameters, coordinates);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Renders a grid.</summary>
    public static unsafe Tensor Render(ITargetFunction target, ParameterSet parameters, ReadOnlySpan<int> shape, Func<ParameterSet, DenseRegions> dense)
    {
        if (shape.Length != target.InputDimension)
            throw new ArgumentException($"The function has {target.InputDimension} axes but the shape has {shape.Length}.", nameof(shape));
        long count = SignalDomain.Grid(shape).SampleCount;
        var regions = dense(parameters);
        if (LargestTable(regions, shape) > MostTableFloats)
        {
            using var coordinates = CoordinateGrid.Create(shape);
            return Direct(target, regions, parameters, coordinates);
        }

        var result = empty([count, target.OutputDimension], ScalarType.Float32);
        fixed (byte* values = result.bytes)
            new GridEvaluator(regions, ExpansionCache.Numbers(parameters[PiecewiseParameters.Level])).Run(shape, (float*)values);
        return result;
    }

    // Numbers of the largest table: a side times the rendered samples on it.
    private static double LargestTable(DenseRegions regions, ReadOnlySpan<int> shape)
    {
        var fitted = regions.Structure.Shape.Grid;
        double largest = 0;
        foreach (var leaf in regions.Leaves)
        {
            for (int a = 0; a < fitted.Length; a++)
            {
                double side = leaf.Size[a + leaf.Size.Length - fitted.Length];
                largest = Math.Max(largest, side * side * shape[a] / fitted[a]);
            }
        }

        return largest;
    }

    private static unsafe Tensor Direct(ITargetFunction target, DenseRegions dense, ParameterSet parameters, Tensor coordinates)
    {
        var evaluator = new PointEvaluator(dense, ExpansionCache.Numbers(parameters[PiecewiseParameters.Level]));
        var points = coordinates.contiguous();
        long count = points.shape[0];
        var result = empty([count, target.OutputDimension], ScalarType.Float32);
        if (count > 0)
        {
            fixed (byte* from = points.bytes, to = result.bytes)
                evaluator.Run((float*)from, count, (float*)to);
        }

        return result;
    }
}
