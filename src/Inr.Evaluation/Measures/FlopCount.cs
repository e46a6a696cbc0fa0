namespace Inr.Evaluation;

/// <summary>Floating-point operations of a target function.</summary>
public static class FlopCount
{
    /// <summary>The operations of one point, all channels together.</summary>
    /// <param name="target">The function.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <returns>
    /// What the target says (<see cref="IReportsFlops"/>); else, for a network of dense layers, a multiplication and an
    /// addition for each weight and frequency (a layer of n inputs adds n − 1 products and a bias), activations left
    /// out; else null.
    /// </returns>
    public static double? PerSample(ITargetFunction target, ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        if (target is IReportsFlops reports)
            return reports.FlopsPerSample(parameters);
        var layout = target.Layout;
        bool isDense = layout.Any(p => p.Role == ParameterRole.Weight)
            && layout.All(p => p.Role is ParameterRole.Weight or ParameterRole.Bias or ParameterRole.Frequency);
        return isDense ? layout.Sum(p => p.Role == ParameterRole.Bias ? 0 : 2.0 * p.Count) : null;
    }
}
