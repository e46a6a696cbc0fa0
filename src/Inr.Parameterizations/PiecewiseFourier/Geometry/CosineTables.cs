namespace Inr.Piecewise;

/// <summary>Cosines at the sample centres of an interval: the one-dimensional factor of every basis function.</summary>
internal static class CosineTables
{
    private const long CacheBytes = 32 << 20;

    private static readonly BoundedCache<int, float[]> OrthonormalCache = new(CacheBytes, t => t.LongLength * sizeof(float));

    private static readonly BoundedCache<int, double[]> PlainCache = new(CacheBytes, t => t.LongLength * sizeof(double));

    private static readonly BoundedCache<int, double[]> TransposedCache = new(CacheBytes, t => t.LongLength * sizeof(double));

    /// <summary>The bytes of the tables that the process keeps.</summary>
    public static long HeldBytes => OrthonormalCache.Held + PlainCache.Held + TransposedCache.Held;

    /// <summary>The orthonormal cosine transform (DCT-II): element [u·n + i] is <c>s_u·cos(πu(i+½)/n)</c>.</summary>
    public static float[] Orthonormal(int n)
    {
        if (OrthonormalCache.Find(n) is { } held)
            return held;
        var plain = Plain(n);
        var table = new float[plain.Length];
        for (int i = 0; i < table.Length; i++)
            table[i] = (float)(plain[i] * Scale(i / n, n));
        return OrthonormalCache.Keep(n, table);
    }

    /// <summary>Element [u·n + i] is <c>cos(πu(i+½)/n)</c>.</summary>
    public static double[] Plain(int n)
    {
        if (PlainCache.Find(n) is { } held)
            return held;
        var table = new double[checked(n * n)];
        for (int u = 0; u < n; u++)
        {
            for (int i = 0; i < n; i++)
                table[(u * n) + i] = Math.Cos(Math.PI * u * (i + 0.5) / n);
        }

        return PlainCache.Keep(n, table);
    }

    /// <summary>The transposed orthonormal transform in double precision: element [i·n + u] is <c>s_u·cos(πu(i+½)/n)</c>.</summary>
    public static double[] Transposed(int n)
    {
        if (TransposedCache.Find(n) is { } held)
            return held;
        var plain = Plain(n);
        var table = new double[plain.Length];
        for (int u = 0; u < n; u++)
        {
            double scale = Scale(u, n);
            for (int i = 0; i < n; i++)
                table[(i * n) + u] = plain[(u * n) + i] * scale;
        }

        return TransposedCache.Keep(n, table);
    }

    /// <summary>The factor s_u that makes <c>cos(πu(i+½)/n)</c> a unit vector.</summary>
    public static double Scale(int u, int n) => Math.Sqrt((u == 0 ? 1.0 : 2.0) / n);
}
