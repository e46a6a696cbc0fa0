namespace Inr.Parameterizations;

/// <summary>What perceptrons with a linear last layer share: evaluating and solving by way of their features.</summary>
internal static class LastLayerExtensions
{
    /// <summary>f_θ(x) by way of the features.</summary>
    public static Tensor EvaluateByFeatures(this ILastLayerFeatures target, ParameterSet parameters, Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        return target.ApplyLastLayer(parameters, target.Features(parameters, coordinates)).MoveToOuterDisposeScope();
    }

    /// <summary>θ with its last layer solved by way of the features.</summary>
    public static ParameterSet SolveByFeatures(this ILastLayerFeatures target, ParameterSet parameters, Tensor coordinates, Tensor values, double ridge, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return target.SolveLastLayer(parameters, target.Features(parameters, coordinates), values, ridge, mask).MoveToOuterDisposeScope();
    }

    /// <summary>θ with its last layer solved from features.</summary>
    public static ParameterSet SolveInto(ParameterSet parameters, Tensor features, Tensor values, double offset, double ridge, Tensor? mask, int derivatives)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        var (weight, bias) = LastLayer.Solve(features, values, offset, ridge, mask, derivatives);
        return parameters.WithLast(weight, bias).MoveToOuterDisposeScope();
    }

    /// <summary>The set with other tensors in its last two places; a batch of the solution extends to the others.</summary>
    public static ParameterSet WithLast(this ParameterSet parameters, Tensor weight, Tensor bias)
    {
        int n = parameters.Layout.Count;
        bool expand = parameters.BatchSize is null && weight.dim() == 3;
        var tensors = new Tensor[n];
        for (int i = 0; i < n - 2; i++)
            tensors[i] = expand ? parameters[i].unsqueeze(0).expand([weight.shape[0], .. parameters[i].shape]) : parameters[i].alias();
        tensors[n - 2] = weight;
        tensors[n - 1] = bias;
        return new ParameterSet(parameters.Layout, tensors);
    }
}
