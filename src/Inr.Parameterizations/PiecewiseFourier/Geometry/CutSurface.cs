namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The surface that cuts a box in two: a plane, or a sphere through the same point with the same normal.</summary>
/// <remarks>
/// With p the position from the centre of the box in units of half its longest side L, the second region is
/// <c>n·p − s − (κ/2)·|p − s·n|² ≥ 0</c>: the surface meets its normal at the offset s and has the curvature κ there, so it is
/// the plane n·p = s for κ = 0 and else the circle (in 3-D the sphere) of radius 1/|κ| about (s + 1/κ)·n. The unit normal n
/// takes d − 1 angles: none in 1-D, <c>(cos α, sin α)</c> in 2-D over (row, column), <c>(cos α, sin α cos β, sin α sin β)</c>
/// in 3-D. A straight cut is d stored numbers, a curved one d + 1; in one dimension there is nothing to bend.
/// </remarks>
internal readonly struct CutSurface
{
    private readonly double _n0;
    private readonly double _n1;
    private readonly double _n2;
    private readonly double _offset;
    private readonly int _dimension;
    // The point s·n in samples from the corner of the box, and (κ/2)·2/L per sample.
    private readonly double _foot0;
    private readonly double _foot1;
    private readonly double _foot2;
    private readonly double _bend;

    /// <param name="parameters">The d − 1 angles in radians, the offset, and the curvature where the cut is curved.</param>
    /// <param name="shape">The shape of the box in samples.</param>
    public CutSurface(ReadOnlySpan<double> parameters, ReadOnlySpan<int> shape)
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

        double shift = parameters[_dimension - 1] * longest / 2;
        _offset = shift + centre;
        if (parameters.Length == _dimension)
            return;
        _bend = parameters[_dimension] / longest;
        _foot0 = (shape[0] / 2.0) + (shift * _n0);
        if (_dimension > 1)
            _foot1 = (shape[1] / 2.0) + (shift * _n1);
        if (_dimension > 2)
            _foot2 = (shape[2] / 2.0) + (shift * _n2);
    }

    /// <summary>The surface of a leaf from the stored numbers.</summary>
    /// <param name="leaf">A cut leaf.</param>
    /// <param name="cuts">Angles and offsets, [cuts, d].</param>
    /// <param name="curvatures">Curvatures.</param>
    public static CutSurface Of(PiecewiseStructure.Leaf leaf, ReadOnlySpan<float> cuts, ReadOnlySpan<float> curvatures)
    {
        int d = leaf.Size.Length;
        Span<double> parameters = stackalloc double[d + 1];
        for (int a = 0; a < d; a++)
            parameters[a] = cuts[(leaf.Cut * d) + a];
        if (leaf.Curvature < 0)
            return new CutSurface(parameters[..d], leaf.Size);
        parameters[d] = curvatures[leaf.Curvature];
        return new CutSurface(parameters, leaf.Size);
    }

    /// <summary>A component of the unit normal where the surface meets it.</summary>
    public double Normal(int axis) => axis switch { 0 => _n0, 1 => _n1, _ => _n2 };

    /// <summary>The signed distance in samples of a point from the cut, positive in the second region; near the surface, to first order, for a curved one.</summary>
    /// <param name="point">In samples from the corner of the box; the centre of the first sample is ½.</param>
    public double Distance(ReadOnlySpan<double> point)
    {
        double s = (_n0 * point[0]) - _offset;
        if (_dimension > 1)
            s += _n1 * point[1];
        if (_dimension > 2)
            s += _n2 * point[2];
        return _bend == 0 ? s : s - (_bend * SquaredFromFoot(point));
    }

    /// <summary>A component of the gradient of <see cref="Distance"/>.</summary>
    /// <param name="point">In samples from the corner of the box.</param>
    /// <param name="axis">The axis.</param>
    public double Slope(ReadOnlySpan<double> point, int axis) => Normal(axis) - (2 * _bend * (point[axis] - axis switch { 0 => _foot0, 1 => _foot1, _ => _foot2 }));

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

    private double SquaredFromFoot(ReadOnlySpan<double> point)
    {
        double x = point[0] - _foot0, y = _dimension > 1 ? point[1] - _foot1 : 0, z = _dimension > 2 ? point[2] - _foot2 : 0;
        return (x * x) + (y * y) + (z * z);
    }
}
