namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Least squares of both regions of a cut box at once, for hard or soft indicators.</summary>
/// <remarks>The columns are <c>(1 − σ)·ψ_j</c> and <c>σ·ψ_j</c> with σ = σ(distance/width); for a hard cut the two regions separate.</remarks>
internal static class CutSolver
{
    /// <summary>Solves for a cut.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="cut">The parameters of the half-space.</param>
    /// <param name="width">The width of the indicators in samples; 0 for hard ones.</param>
    /// <param name="first">The terms of the region where the distance is negative.</param>
    /// <param name="second">The terms of the other region.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    /// <param name="cancellation">Stops a long one.</param>
    public static CutSolution Solve(int[] shape, double[] cut, double width, int[] first, int[] second, double[][] values, CancellationToken cancellation = default)
    {
        var plane = new CutSurface(cut, shape);
        var distances = plane.Distances(shape);
        return width > 0 ? Soft(shape, distances, width, first, second, values, cancellation) : Hard(shape, distances, first, second, values, cancellation);
    }

    private static CutSolution Hard(int[] shape, double[] distances, int[] first, int[] second, double[][] values, CancellationToken cancellation)
    {
        var coefficients = new float[2][];
        double error = 0;
        for (int r = 0; r < 2; r++)
        {
            int[] samples = [.. Enumerable.Range(0, distances.Length).Where(i => distances[i] >= 0 == (r == 1))];
            var part = values.Select(v => samples.Select(s => v[s]).ToArray()).ToArray();
            coefficients[r] = RegionSolver.SolvePart(shape, r == 0 ? first : second, samples, part, out double rest, cancellation);
            error += rest;
        }

        return new CutSolution(coefficients, error, []);
    }

    private static CutSolution Soft(int[] shape, double[] distances, double width, int[] first, int[] second, double[][] values, CancellationToken cancellation)
    {
        int size = distances.Length;
        var share = Array.ConvertAll(distances, s => 1 / (1 + Math.Exp(-s / width)));
        int[] samples = [.. Enumerable.Range(0, size)];
        float[][] coefficients = [new float[first.Length], new float[second.Length]];
        var slopes = new double[values.Length][];
        double error = 0;
        for (int c = 0; c < values.Length; c++)
        {
            int[] a = [.. Enumerable.Range(0, first.Length).Where(i => first[i] / size == c)];
            int[] b = [.. Enumerable.Range(0, second.Length).Where(i => second[i] / size == c)];
            double[][] plain = [.. a.Select(i => RegionColumns.Cosine(shape, samples, first[i] % size)), .. b.Select(i => RegionColumns.Cosine(shape, samples, second[i] % size))];
            double[][] columns = [.. plain.Select((column, j) => column.Select((v, i) => v * (j < a.Length ? 1 - share[i] : share[i])).ToArray())];
            var x = new LeastSquares(columns, size, cancellation).Solve(values[c], columns.Length, out double rest);
            error += rest;
            // How much the value of each sample changes with its distance: (second − first)·σ′.
            var slope = slopes[c] = new double[size];
            for (int j = 0; j < x.Length; j++)
            {
                DoubleVectors.AddScaled(slope, plain[j], j < a.Length ? -x[j] : x[j]);
                if (j < a.Length)
                    coefficients[0][a[j]] = (float)x[j];
                else
                    coefficients[1][b[j - a.Length]] = (float)x[j];
            }

            for (int i = 0; i < size; i++)
                slope[i] *= share[i] * (1 - share[i]) / width;
        }

        return new CutSolution(coefficients, error, slopes);
    }
}
