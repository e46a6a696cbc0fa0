namespace Inr.Parameterizations;

/// <summary>Puts a solved last layer into a set.</summary>
internal static class LastLayerExtensions
{
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
