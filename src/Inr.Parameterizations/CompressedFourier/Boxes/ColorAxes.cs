namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Three orthonormal axes of color that fit a picture, from two of them in signed bytes.</summary>
internal sealed class ColorAxes
{
    /// <summary>The bytes that they are kept in.</summary>
    public const int ByteCount = 6;

    private const int Sweeps = 12;

    private readonly sbyte[] _stored;

    private ColorAxes(sbyte[] stored)
    {
        _stored = stored;
        double[] first = [stored[0], stored[1], stored[2]], second = [stored[3], stored[4], stored[5]];
        Normalize(first);
        double along = Dot(first, second);
        for (int i = 0; i < 3; i++)
            second[i] -= along * first[i];
        Normalize(second);
        double[] third =
        [
            (first[1] * second[2]) - (first[2] * second[1]),
            (first[2] * second[0]) - (first[0] * second[2]),
            (first[0] * second[1]) - (first[1] * second[0]),
        ];
        Matrix = [.. first.Concat(second).Concat(third).Select(x => (float)x)];
    }

    /// <summary>Row by row: the first axis, the second, the third. The inverse is the transpose.</summary>
    public float[] Matrix { get; }

    /// <summary>The principal axes of samples.</summary>
    /// <param name="covariance">3×3, row by row.</param>
    public static ColorAxes Of(ReadOnlySpan<double> covariance)
    {
        double[] a = covariance.ToArray();
        double[] vectors = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            Rotate(a, vectors, 0, 1);
            Rotate(a, vectors, 0, 2);
            Rotate(a, vectors, 1, 2);
        }

        int[] order = [.. Enumerable.Range(0, 3).OrderByDescending(i => a[4 * i])];
        return Round(vectors, order) ?? Gray;
    }

    /// <summary>Lightness, blue against red, green against both: for samples without color.</summary>
    public static ColorAxes Gray { get; } = new([73, 73, 73, -90, 0, 90]);

    public byte[] ToBytes() => [.. _stored.Select(b => (byte)b)];

    /// <exception cref="FormatException">They are no axes.</exception>
    public static ColorAxes FromBytes(ReadOnlySpan<byte> bytes)
    {
        var stored = new sbyte[ByteCount];
        for (int i = 0; i < stored.Length; i++)
            stored[i] = (sbyte)bytes[i];
        return IsBasis(stored) ? new ColorAxes(stored) : throw new FormatException("its coded bytes have axes of color that are parallel.");
    }

    private static ColorAxes? Round(double[] vectors, int[] order)
    {
        var stored = new sbyte[ByteCount];
        for (int axis = 0; axis < 2; axis++)
        {
            double[] v = [vectors[order[axis]], vectors[3 + order[axis]], vectors[6 + order[axis]]];
            double scale = 127 / v.Max(Math.Abs);
            if (v.Sum() < 0)
                scale = -scale;
            for (int i = 0; i < 3; i++)
                stored[(3 * axis) + i] = (sbyte)Math.Round(v[i] * scale);
        }

        return IsBasis(stored) ? new ColorAxes(stored) : null;
    }

    private static bool IsBasis(sbyte[] s)
    {
        int x = (s[1] * s[5]) - (s[2] * s[4]), y = (s[2] * s[3]) - (s[0] * s[5]), z = (s[0] * s[4]) - (s[1] * s[3]);
        return x != 0 || y != 0 || z != 0;
    }

    // A rotation of Jacobi's.
    private static void Rotate(double[] a, double[] vectors, int p, int q)
    {
        double off = a[(3 * p) + q];
        if (Math.Abs(off) < 1e-300)
            return;
        double theta = (a[4 * q] - a[4 * p]) / (2 * off);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < 3; k++)
        {
            (double kp, double kq) = (a[(3 * k) + p], a[(3 * k) + q]);
            a[(3 * k) + p] = (c * kp) - (s * kq);
            a[(3 * k) + q] = (s * kp) + (c * kq);
        }

        for (int k = 0; k < 3; k++)
        {
            (double pk, double qk) = (a[(3 * p) + k], a[(3 * q) + k]);
            a[(3 * p) + k] = (c * pk) - (s * qk);
            a[(3 * q) + k] = (s * pk) + (c * qk);
            (double vp, double vq) = (vectors[(3 * k) + p], vectors[(3 * k) + q]);
            vectors[(3 * k) + p] = (c * vp) - (s * vq);
            vectors[(3 * k) + q] = (s * vp) + (c * vq);
        }
    }

    private static double Dot(double[] a, double[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static void Normalize(double[] v)
    {
        double norm = Math.Sqrt(Dot(v, v));
        for (int i = 0; i < 3; i++)
            v[i] /= norm;
    }
}
