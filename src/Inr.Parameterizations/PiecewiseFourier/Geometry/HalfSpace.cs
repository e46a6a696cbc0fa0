namespace Inr.Piecewise;

/// <summary>A straight cut through a box: the half-space <c>n·(x − centre) ≥ offset·L/2</c> in samples, L the longest side of the box.</summary>
/// <remarks>
/// The unit normal n takes d − 1 angles: none in 1-D, <c>(cos α, sin α)</c> in 2-D over (row, column),
/// <c>(cos α, sin α cos β, sin α sin β)</c> in 3-D. With the offset a cut is d stored numbers.
/// </remarks>
internal readonly struct HalfSpace
{
    private readonly double _n0;
    private readonly double _n1;
    private readonly double _n2;
    private readonly double _offset;
    private readonly int _dimension;

    /// <param name="parameters">The d − 1 angles in radians, then the offset.</param>
    /// <param name="shape">The shape of the box in samples.</param>
    public HalfSpace(ReadOnlySpan<double> parameters, ReadOnlySpan<int> shape)
    {
        _dimension = shape.Length;
        int longest = 0;
        double centre = 0;
        switch (_dimension)
        {
            case 1:
                _n0 = 1;
                break;
            case 2:
                (_n1, _n0) = Math.SinCos(parameters[0]);
                break;
            default:
                var (s, c) = Math.SinCos(parameters[0]);
                var (sb, cb) = Math.SinCos(parameters[1]);
                (_n0, _n1, _n2) = (c, s * cb, s * sb);
                break;
        }

        for (int a = 0; a < _dimension; a++)
        {
            longest = Math.Max(longest, shape[a]);
            centre += Normal(a) * shape[a] / 2;
        }

        _offset = (parameters[_dimension - 1] * longest / 2) + centre;
    }

    /// <summary>A component of the unit normal.</summary>
    public double Normal(int axis) => axis switch { 0 => _n0, 1 => _n1, _ => _n2 };

    /// <summary>The signed distance in samples of a point from the cut, positive in the second region.</summary>
    /// <param name="point">In samples from the corner of the box; the centre of the first sample is ½.</param>
    public double Distance(ReadOnlySpan<double> point)
    {
        double s = (_n0 * point[0]) - _offset;
        if (_dimension > 1)
            s += _n1 * point[1];
        if (_dimension > 2)
            s += _n2 * point[2];
        return s;
    }

    /// <summary>For each sample of the box, row-major, whether it lies in the second region.</summary>
    public bool[] Mask(ReadOnlySpan<int> shape) => Array.ConvertAll(Distances(shape), s => s >= 0);

    /// <summary>The distance of the nearest sample of the box from the cut.</summary>
    public double Clearance(ReadOnlySpan<int> shape) => Distances(shape).Min(Math.Abs);

    /// <summary>The signed distances of all samples of the box, row-major.</summary>
    public double[] Distances(ReadOnlySpan<int> shape)
    {
        int size = 1;
        foreach (int n in shape)
            size *= n;
        var distances = new double[size];
        Span<double> point = stackalloc double[shape.Length];
        for (int i = 0; i < size; i++)
        {
            int rest = i;
            for (int a = shape.Length - 1; a >= 0; a--)
            {
                point[a] = (rest % shape[a]) + 0.5;
                rest /= shape[a];
            }

            distances[i] = Distance(point);
        }

        return distances;
    }
}
