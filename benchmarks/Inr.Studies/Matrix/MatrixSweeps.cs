namespace Inr.Studies.Matrix;

/// <summary>Sweeps a gradient-fitted baseline: its own number first at the usual rate, then the rate at the best number.</summary>
internal static class MatrixSweeps
{
    /// <summary>How many fits of a signal a sweep needs.</summary>
    public static int Trials(MatrixFamily family) => family.Iterative is null ? 0 : (family.Swept.Length > 0 ? 3 : 1) + family.Rates.Length - 1;

    /// <summary>Runs the sweep on whole signals of the training set.</summary>
    public static MatrixSweep Run(MatrixData data, MatrixFamily family, int floats, ISignalDataset signals, MatrixSettings settings)
    {
        var tried = family.SweptValues(data).Select(value => Try(value, family.Rates[0])).ToList();
        double best = tried.MaxBy(t => t.Psnr)!.Value;
        tried.AddRange(family.Rates.Skip(1).Select(rate => Try(best, rate)));
        return new MatrixSweep(data.Name, family.Name, tried);

        MatrixTrial Try(double value, double rate)
        {
            var target = MatrixTargets.Build(data, family, value, floats);
            var result = MatrixTargets.FitFromScratch(target, rate, signals, MatrixContext.All[0], settings).Result;
            return new MatrixTrial(value, rate, result.Failures.Count > 0 || result.Summary is null ? double.NegativeInfinity : result.Summary.Psnr.Mean);
        }
    }
}
