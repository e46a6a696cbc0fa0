namespace Inr.Evaluation;

/// <summary>How much better one contender is than another on the signals that both fitted.</summary>
/// <param name="Mean">The mean difference of PSNR in dB.</param>
/// <param name="StandardError">Its standard error: the spread of the differences over the root of their number; null for one signal.</param>
/// <param name="Wins">On how many signals it is better.</param>
/// <param name="Signals">The signals that both fitted.</param>
internal sealed record PairedGain(double Mean, double? StandardError, int Wins, int Signals)
{
    /// <summary>Compares signal by signal; null where no signal is shared, or where both are exact.</summary>
    public static PairedGain? Of(IEnumerable<EvaluationRow> rows, IEnumerable<EvaluationRow> baseline)
    {
        var known = baseline.ToDictionary(r => r.Key, r => r.Psnr);
        double[] differences = [.. rows.Where(r => known.ContainsKey(r.Key)).Select(r => r.Psnr - known[r.Key]).Where(double.IsFinite)];
        if (differences.Length == 0)
            return null;
        var spread = new Distribution(differences);
        double? error = differences.Length > 1 ? spread.StandardDeviation / Math.Sqrt(differences.Length) : null;
        return new PairedGain(spread.Mean, error, differences.Count(d => d > 0), differences.Length);
    }
}
