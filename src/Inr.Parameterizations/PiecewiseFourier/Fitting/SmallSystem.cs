namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Solves the damped normal equations of a handful of variables.</summary>
internal static class SmallSystem
{
    /// <summary>Solves <c>(G + μ·diag(G))x = m</c> with a little damping, by elimination with pivots.</summary>
    public static double[] Solve(double[,] gram, double[] moment)
    {
        const double Damping = 1e-3;
        int n = moment.Length;
        var a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[i, j] = gram[i, j];
            a[i, i] += (Damping * gram[i, i]) + 1e-30;
            a[i, n] = moment[i];
        }

        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[i, k]) > Math.Abs(a[pivot, k]))
                    pivot = i;
            }

            for (int j = 0; j <= n; j++)
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            for (int i = k + 1; i < n; i++)
            {
                double f = a[i, k] / a[k, k];
                for (int j = k; j <= n; j++)
                    a[i, j] -= f * a[k, j];
            }
        }

        var x = new double[n];
        for (int i = n - 1; i >= 0; i--)
        {
            double s = a[i, n];
            for (int j = i + 1; j < n; j++)
                s -= a[i, j] * x[j];
            x[i] = s / a[i, i];
        }

        return x;
    }
}
