namespace Inr.Scenes;

/// <summary>How a lens bends the picture of a pinhole camera: the models OPENCV and OPENCV_FISHEYE.</summary>
/// <remarks>
/// <para>
/// On the plane at depth 1, x to the right and y down, r² = x² + y² and ρ(r) = r·(1 + k₁r² + k₂r⁴ + k₃r⁶ + k₄r⁸):
/// x' = x·ρ(r)/r + 2p₁xy + p₂(r² + 2x²), y' = y·ρ(r)/r + p₁(r² + 2y²) + 2p₂xy. A fisheye lens bends angles instead:
/// with θ the angle to the view axis, r' = ρ(θ), in the same direction. A pixel is (f_x·x' + c_x, f_y·y' + c_y).
/// </para>
/// <para>Brown: Close-range camera calibration, 1971; Kannala and Brandt, PAMI 2006; the documentation of OpenCV.</para>
/// </remarks>
public sealed record LensDistortion
{
    private const int Iterations = 60;
    private const double Tolerance = 1e-13;
    // Steps of the search for the radius at which ρ turns back, and where it ends for a lens that is no fisheye.
    private const double SearchStep = 1.0 / 256;
    private const double LargestRadius = 16;

    private readonly Lazy<double> _fold;

    /// <summary>Creates a lens.</summary>
    public LensDistortion() => _fold = new Lazy<double>(FindFold);

    // The fold belongs to the numbers, which a copy changes.
    private LensDistortion(LensDistortion other)
    {
        _fold = new Lazy<double>(FindFold);
        (K1, K2, K3, K4, P1, P2, IsFisheye) = (other.K1, other.K2, other.K3, other.K4, other.P1, other.P2, other.IsFisheye);
    }

    /// <summary>No distortion at all.</summary>
    public static LensDistortion None { get; } = new();

    /// <summary>k₁.</summary>
    public double K1 { get; init; }

    /// <summary>k₂.</summary>
    public double K2 { get; init; }

    /// <summary>k₃.</summary>
    public double K3 { get; init; }

    /// <summary>k₄, the factor of r⁸; not the one of OpenCV's rational model.</summary>
    public double K4 { get; init; }

    /// <summary>p₁.</summary>
    public double P1 { get; init; }

    /// <summary>p₂.</summary>
    public double P2 { get; init; }

    /// <summary>Whether the polynomial is one in the angle to the view axis; such a lens has no p₁ and p₂.</summary>
    public bool IsFisheye { get; init; }

    /// <summary>Whether pixels lie where a pinhole camera has them.</summary>
    public bool IsNone => !IsFisheye && K1 == 0 && K2 == 0 && K3 == 0 && K4 == 0 && P1 == 0 && P2 == 0;

    /// <inheritdoc/>
    public bool Equals(LensDistortion? other) =>
        other is not null && (K1, K2, K3, K4, P1, P2, IsFisheye) == (other.K1, other.K2, other.K3, other.K4, other.P1, other.P2, other.IsFisheye);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(K1, K2, K3, K4, P1, P2, IsFisheye);

    /// <summary>Where a direction is seen.</summary>
    /// <param name="x">Its part to the right.</param>
    /// <param name="y">Its part down.</param>
    /// <param name="z">Its part forward, along the view axis; above 0 unless the lens is a fisheye.</param>
    /// <returns>(x', y'); NaN where the lens does not see the direction.</returns>
    public (double X, double Y) Distort(double x, double y, double z)
    {
        double across = double.Hypot(x, y);
        if (IsFisheye)
        {
            double angle = Math.Atan2(across, z);
            double factor = across > 0 ? Radial(angle) / across : 0;
            return angle < Math.PI && angle <= _fold.Value ? (x * factor, y * factor) : (double.NaN, double.NaN);
        }

        if (!(z > 0) || !IsNone && across > _fold.Value * z)
            return (double.NaN, double.NaN);
        return Bend(x / z, y / z);
    }

    /// <summary>The direction that is seen at a place: the inverse of <see cref="Distort"/>, to the last digits.</summary>
    /// <param name="x">x'.</param>
    /// <param name="y">y'.</param>
    /// <returns>Right, down and forward: at depth 1, or of length 1 for a fisheye; NaN where no direction is seen there.</returns>
    public (double X, double Y, double Z) Undistort(double x, double y)
    {
        if (IsNone)
            return (x, y, 1);
        double distance = double.Hypot(x, y);
        double radius = distance == 0 ? 0 : InvertRadial(distance);
        if (IsFisheye)
        {
            var (sin, cos) = Math.SinCos(radius);
            double factor = distance > 0 ? sin / distance : 0;
            return (x * factor, y * factor, cos);
        }

        double scale = distance > 0 ? radius / distance : 1;
        var (u, v) = P1 == 0 && P2 == 0 ? (x * scale, y * scale) : InvertBend(x, y, scale);
        return (u, v, 1);
    }

    private (double X, double Y) Bend(double x, double y)
    {
        double square = x * x + y * y;
        double factor = 1 + square * (K1 + square * (K2 + square * (K3 + square * K4)));
        return (x * factor + 2 * P1 * x * y + P2 * (square + 2 * x * x), y * factor + P1 * (square + 2 * y * y) + 2 * P2 * x * y);
    }

    private double Radial(double r)
    {
        double square = r * r;
        return r * (1 + square * (K1 + square * (K2 + square * (K3 + square * K4))));
    }

    private double RadialSlope(double r)
    {
        double square = r * r;
        return 1 + square * (3 * K1 + square * (5 * K2 + square * (7 * K3 + square * 9 * K4)));
    }

    // Up to here ρ grows, so that it has one inverse.
    private double FindFold()
    {
        double end = IsFisheye ? Math.PI : LargestRadius;
        for (double r = SearchStep; r <= end; r += SearchStep)
        {
            if (RadialSlope(r) > 0)
                continue;
            double low = r - SearchStep, high = r;
            for (int i = 0; i < Iterations; i++)
            {
                double middle = 0.5 * (low + high);
                (low, high) = RadialSlope(middle) > 0 ? (middle, high) : (low, middle);
            }

            return low;
        }

        return end;
    }

    // Newton's method within a bracket; where p₁ and p₂ bend too, a little past the fold is still a start.
    private double InvertRadial(double target)
    {
        double low = 0, high = _fold.Value;
        if (Radial(high) < target)
            return P1 == 0 && P2 == 0 ? double.NaN : high;
        double r = Math.Min(target, high);
        for (int i = 0; i < Iterations; i++)
        {
            double error = Radial(r) - target;
            if (Math.Abs(error) <= Tolerance * target)
                break;
            (low, high) = error > 0 ? (low, r) : (r, high);
            double next = r - error / RadialSlope(r);
            r = next > low && next < high ? next : 0.5 * (low + high);
        }

        return r;
    }

    private (double X, double Y) InvertBend(double x, double y, double scale)
    {
        double u = x * scale, v = y * scale;
        for (int i = 0; i < Iterations; i++)
        {
            var (bentX, bentY) = Bend(u, v);
            double errorX = bentX - x, errorY = bentY - y;
            double square = u * u + v * v;
            double factor = 1 + square * (K1 + square * (K2 + square * (K3 + square * K4)));
            double slope = 2 * (K1 + square * (2 * K2 + square * (3 * K3 + square * 4 * K4)));
            double xx = factor + slope * u * u + 2 * P1 * v + 6 * P2 * u;
            double yy = factor + slope * v * v + 6 * P1 * v + 2 * P2 * u;
            double xy = slope * u * v + 2 * P1 * u + 2 * P2 * v;
            double determinant = xx * yy - xy * xy;
            // Past the fold the picture is mirrored: no direction is seen there.
            if (!(determinant > 0) || double.Hypot(u, v) > _fold.Value)
                break;
            if (Math.Abs(errorX) + Math.Abs(errorY) <= Tolerance * (Math.Abs(x) + Math.Abs(y)))
                return (u, v);
            u -= (errorX * yy - errorY * xy) / determinant;
            v -= (errorY * xx - errorX * xy) / determinant;
        }

        return (double.NaN, double.NaN);
    }
}
