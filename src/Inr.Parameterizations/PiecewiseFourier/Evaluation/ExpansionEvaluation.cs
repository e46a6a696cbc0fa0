namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Evaluation of a θ that is not bound: batches, and the choice between direct and differentiable evaluation. It reads θ on every call.</summary>
internal static class ExpansionEvaluation
{
    /// <summary>Evaluates a target whose coefficients are summed region by region.</summary>
    /// <param name="target">The target.</param>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <returns>Shape [N,c] or [B,N,c].</returns>
    public static Tensor Evaluate(IExpansion target, ParameterSet parameters, Tensor coordinates)
    {
        target.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        if (parameters.BatchSize is { } batch)
        {
            var parts = new Tensor[batch];
            for (long b = 0; b < batch; b++)
                parts[b] = Evaluate(target, parameters.Select(b), coordinates.dim() == 3 ? coordinates.select(0, b) : coordinates);
            return stack(parts).MoveToOuterDisposeScope();
        }

        if (coordinates.dim() == 3)
        {
            var flat = Evaluate(target, parameters, coordinates.reshape(-1, target.InputDimension));
            return flat.reshape(coordinates.shape[0], coordinates.shape[1], target.OutputDimension).MoveToOuterDisposeScope();
        }

        bool needsGradient = is_grad_enabled() && (coordinates.requires_grad || parameters.Tensors.Any(t => t.requires_grad));
        bool direct = !needsGradient && coordinates.device_type == DeviceType.CPU && coordinates.dtype == ScalarType.Float32;
        var structure = target.Structure(parameters);
        var result = direct
            ? new PointEvaluator(DenseRegions.Of(structure, parameters)).Evaluate(coordinates)
            : DifferentiableExpansion.Evaluate(structure, parameters, coordinates);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The set that each point belongs to.</summary>
    /// <param name="target">The target.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shape [N], int64: the number of the region, in the order in which θ stores them.</returns>
    /// <exception cref="ArgumentException">θ or a shape does not fit.</exception>
    public static Tensor LocateRegions(IExpansion target, ParameterSet parameters, Tensor coordinates)
    {
        target.Validate(parameters, coordinates);
        if (parameters.BatchSize is not null || coordinates.dim() != 2)
            throw new ArgumentException($"Regions are located for one θ and coordinates [N,{target.InputDimension}]; coordinates are [{string.Join(',', coordinates.shape)}].", nameof(coordinates));
        var regions = DenseRegions.Of(target.Structure(parameters), parameters);
        return tensor(new PointEvaluator(regions).Regions(TensorNumbers.Of(coordinates)), device: CPU);
    }
}
