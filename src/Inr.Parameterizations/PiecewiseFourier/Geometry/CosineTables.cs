namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Cosines at the sample centres of an interval: the one-dimensional factor of every basis function.</summary>
internal static class CosineTables
{
    /// <summary>Numbers of a generation of each cache: the largest interval of one dimension takes an eighth of it.</summary>
    private const long MostCached = 1L << 23;

    private static readonly BoundedCache<int, float[]> OrthonormalCache = new(MostCached, MakeOrthonormal, static t => t.Length);

    private static readonly BoundedCache<int, double[]> PlainCache = new(MostCached, MakePlain, static t => t.Length);

    private static readonly BoundedCache<int, double[]> TransposedCache = new(MostCached, MakeTransposed, static t => t.Length);

    /// <summary>The orthonormal cosine transform (DCT-II): element [u·n + i] is <c>s_u·cos(πu(i+½)/n)</c>.</summary>
    public static float[] Orthonormal(int n) => OrthonormalCache.Get(n);

    /// <summary>Element [u·n + i] is <c>cos(πu(i+½)/n)</c>.</summary>
    public static double[] Plain(int n) => PlainCache.Get(n);

    /// <summary>The transposed orthonormal transform in double precision: element [i·n + u] is <c>s_u·cos(πu(i+½)/n)</c>.</summary>
    public static double[] Transposed(int n) => TransposedCache.Get(n);

    /// <summary>The factor s_u that makes <c>cos(πu(i+½)/n)</c> a unit vector.</summary>
    public static double Scale(int u, int n) => Math.Sqrt((u == 0 ? 1.0 : 2.0) / n);

    private static float[] MakeOrthonormal(int n)
    {
        var plain = Plain(n);
        var table = new float[plain.Length];
        for (int i = 0; i < table.Length; i++)
            table[i] = (float)(plain[i] * Scale(i / n, n));
        return table;
    }

    private static double[] MakePlain(int n)
    {
        var table = new double[checked(n * n)];
        for (int u = 0; u < n; u++)
        {
            for (int i = 0; i < n; i++)
                table[(u * n) + i] = Math.Cos(Math.PI * u * (i + 0.5) / n);
        }

        return table;
    }

    private static double[] MakeTransposed(int n)
    {
        var plain = Plain(n);
        var table = new double[plain.Length];
        for (int u = 0; u < n; u++)
        {
            double scale = Scale(u, n);
            for (int i = 0; i < n; i++)
                table[(i * n) + u] = plain[(u * n) + i] * scale;
        }

        return table;
    }
}
