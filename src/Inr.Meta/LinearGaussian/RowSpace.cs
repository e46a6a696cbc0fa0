namespace Inr.Meta;

/// <summary>Signals on one grid as rows of numbers whose sizes are sizes of functions: coefficients, turned so that the features are orthonormal there.</summary>
internal sealed class RowSpace : IDisposable
{
    // Relative to the mean diagonal: keeps dependent features apart.
    private const double Ridge = 1e-6;

    private readonly ILinearFeatures _target;
    private readonly ParameterSet _theta;
    private readonly int[] _shape;
    private readonly long _samples;
    // L of ΦᵀΦ/N = L·Lᵀ; null for the identity.
    private readonly Tensor? _factor;

    public RowSpace(ILinearFeatures target, ParameterSet theta, IReadOnlyList<int> shape)
    {
        _target = target;
        _theta = theta;
        _shape = [.. shape];
        _samples = SignalDomain.Grid(_shape).SampleCount;
        IsOrthonormal = target.IsOrthonormalOn(_shape);
        if (IsOrthonormal)
            return;
        using var scope = NewDisposeScope();
        var features = target.RenderLinear(theta, _shape, eye(target.FeatureCount, dtype: float32, device: theta.Device).unsqueeze(-1)).squeeze(-1);
        var gram = features.mm(features.transpose(0, 1)).to(float64) / _samples;
        var diagonal = gram.diagonal();
        diagonal.add_((diagonal.mean() * Ridge) + 1e-12);
        _factor = linalg.cholesky(gram).DetachFromDisposeScope();
    }

    /// <summary>Whether coefficients are rows as they are.</summary>
    public bool IsOrthonormal { get; }

    /// <summary>Numbers of a row.</summary>
    public long Width => _target.FeatureCount * _target.OutputDimension;

    /// <summary>The rows of signals.</summary>
    /// <param name="values">Shape [B,N,c].</param>
    /// <returns>Shape [B,F·c].</returns>
    public Tensor Rows(Tensor values)
    {
        using var scope = NewDisposeScope();
        var projected = _target.ProjectLinear(_theta, _shape, values) / _samples;
        if (_factor is not null)
            projected = Turned(projected, t => linalg.solve_triangular(_factor, t, upper: false));
        return projected.reshape(values.shape[0], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The coefficients of rows.</summary>
    /// <param name="rows">Shape [B,F·c].</param>
    /// <returns>Shape [B,F,c].</returns>
    public Tensor Coefficients(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var c = rows.reshape(rows.shape[0], _target.FeatureCount, -1);
        if (_factor is not null)
            c = Turned(c, t => linalg.solve_triangular(_factor.transpose(0, 1), t, upper: true));
        return c.MoveToOuterDisposeScope();
    }

    /// <summary>The functions of coefficients on the grid; shape [B,N,c].</summary>
    public Tensor Render(Tensor coefficients) => _target.RenderLinear(_theta, _shape, coefficients);

    /// <inheritdoc/>
    public void Dispose() => _factor?.Dispose();

    // All columns [B,F,c] → [F,B·c] at once, in float64.
    private static Tensor Turned(Tensor numbers, Func<Tensor, Tensor> solve)
    {
        var (batch, features, channels) = (numbers.shape[0], numbers.shape[1], numbers.shape[2]);
        return solve(numbers.transpose(0, 1).reshape(features, -1).to(float64)).to(numbers.dtype).reshape(features, batch, channels).transpose(0, 1).contiguous();
    }
}
