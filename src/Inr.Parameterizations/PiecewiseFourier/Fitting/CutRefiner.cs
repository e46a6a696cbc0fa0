namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Moves the cut of a leaf continuously to a lower error: variable projection with soft indicators.</summary>
/// <remarks>
/// The coefficients are solved for every position of the cut, so only the d numbers of the cut are variables. Their
/// gradient at the solved coefficients is exact (envelope theorem); steps are Gauss–Newton in the approximation of
/// Kaufman (1975). The width of the indicator shrinks to half a sample; then the coefficients are solved with the
/// indicators that are stored, and the move is kept only if the error dropped.
/// </remarks>
internal static class CutRefiner
{
    private static readonly double[] Widths = [1.5, 1, 0.7, 0.5];

    private const int StepsPerWidth = 3;

    /// <summary>Refines one cut.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="cut">The parameters of the half-space.</param>
    /// <param name="width">The width of the stored indicators; 0 for hard ones.</param>
    /// <param name="first">The terms before the cut.</param>
    /// <param name="second">The terms behind it.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    /// <param name="cancellation">Stops between columns of a solve.</param>
    /// <returns>The better cut, or the given one.</returns>
    public static double[] Refine(int[] shape, double[] cut, double width, int[] first, int[] second, double[][] values, CancellationToken cancellation)
    {
        double[] position = [.. cut];
        foreach (double soft in Widths)
        {
            if (soft < width)
                break;
            var solution = CutSolver.Solve(shape, position, soft, first, second, values, cancellation);
            for (int step = 0; step < StepsPerWidth; step++)
            {
                if (Step(shape, position, soft, first, second, values, solution, cancellation) is not { } better)
                    break;
                (position, solution) = better;
            }
        }

        double before = CutSolver.Solve(shape, cut, width, first, second, values, cancellation).Error;
        return KeepsBothSides(shape, position) && CutSolver.Solve(shape, position, width, first, second, values, cancellation).Error < before ? position : cut;
    }

    private static (double[] Position, CutSolution Solution)? Step(int[] shape, double[] position, double width, int[] first, int[] second, double[][] values, CutSolution solution, CancellationToken cancellation)
    {
        int d = position.Length, size = values[0].Length;
        var derivatives = DistanceDerivatives(shape, position);
        var residuals = Residuals(shape, position, width, first, second, values, solution);
        var gram = new double[d, d];
        var moment = new double[d];
        for (int c = 0; c < values.Length; c++)
        {
            for (int i = 0; i < size; i++)
            {
                for (int p = 0; p < d; p++)
                {
                    double row = solution.Slopes[c][i] * derivatives[p][i];
                    moment[p] += row * residuals[c][i];
                    for (int q = 0; q < d; q++)
                        gram[p, q] += row * solution.Slopes[c][i] * derivatives[q][i];
                }
            }
        }

        var move = SmallSystem.Solve(gram, moment);
        for (double scale = 1; scale > 0.1; scale /= 2)
        {
            double[] trial = [.. position.Select((x, p) => x + (scale * move[p]))];
            if (!KeepsBothSides(shape, trial))
                continue;
            var tried = CutSolver.Solve(shape, trial, width, first, second, values, cancellation);
            if (tried.Error < solution.Error * (1 - 1e-6))
                return (trial, tried);
        }

        return null;
    }

    private static double[][] Residuals(int[] shape, double[] position, double width, int[] first, int[] second, double[][] values, CutSolution solution)
    {
        int size = values[0].Length;
        int[] samples = [.. Enumerable.Range(0, size)];
        double[] share = [.. new CutSurface(position, shape).Distances(shape).Select(s => 1 / (1 + Math.Exp(-s / width)))];
        double[][] residuals = [.. values.Select(v => (double[])v.Clone())];
        for (int r = 0; r < 2; r++)
        {
            var terms = r == 0 ? first : second;
            for (int j = 0; j < terms.Length; j++)
            {
                var column = RegionColumns.Cosine(shape, samples, terms[j] % size);
                for (int i = 0; i < size; i++)
                    column[i] *= r == 0 ? 1 - share[i] : share[i];
                DoubleVectors.AddScaled(residuals[terms[j] / size], column, -solution.Coefficients[r][j]);
            }
        }

        return residuals;
    }

    private static double[][] DistanceDerivatives(int[] shape, double[] position)
    {
        const double Step = 1e-5;
        var result = new double[position.Length][];
        for (int p = 0; p < position.Length; p++)
        {
            double[] up = [.. position], down = [.. position];
            up[p] += Step;
            down[p] -= Step;
            var (a, b) = (new CutSurface(up, shape).Distances(shape), new CutSurface(down, shape).Distances(shape));
            result[p] = [.. a.Zip(b, (x, y) => (x - y) / (2 * Step))];
        }

        return result;
    }

    // Two samples on each side, none on the line.
    private static bool KeepsBothSides(int[] shape, double[] position)
    {
        var plane = new CutSurface(position, shape);
        int behind = plane.Mask(shape).Count(m => m), all = shape.Aggregate(1, (p, n) => p * n);
        return behind >= 2 && all - behind >= 2 && plane.Clearance(shape) > 1e-3;
    }
}
