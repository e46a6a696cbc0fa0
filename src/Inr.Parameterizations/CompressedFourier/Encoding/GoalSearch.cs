namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Finds the largest or smallest step that meets a goal: size and error grow and fall with it, nearly as powers.</summary>
internal sealed class GoalSearch
{
    private const int MostTrials = 9;

    // A step of 3 % changes the size by about 2 %.
    private const double Near = 1.012;
    private const double Least = 2e-7;
    private const double Most = 60000;

    /// <summary>Searches.</summary>
    /// <param name="first">A step to begin with.</param>
    /// <param name="goal">What the measure may be at most.</param>
    /// <param name="falls">Whether the measure falls with a growing step (bytes), or grows (error).</param>
    /// <param name="trial">Codes with a step and measures.</param>
    /// <returns>The best trial that meets the goal; null, and the extreme measure, where none does.</returns>
    public static (T? Found, double Extreme) Run<T>(double first, double goal, bool falls, Func<Half, (T Result, double Measure)> trial)
        where T : class
    {
        T? found = null;
        // Bytes: steps at least as large as `meets` meet the goal. Error: those at most as large.
        double meets = 0, fails = 0, meetsAt = 0, failsAt = 0, step = first, extreme = double.PositiveInfinity;
        for (int i = 0; i < MostTrials; i++)
        {
            var rounded = (Half)Math.Clamp(step, Least, Most);
            var (result, measure) = trial(rounded);
            step = (double)rounded;
            extreme = Math.Min(extreme, measure);
            if (measure <= goal)
            {
                if (found is null || (falls ? step < meets : step > meets))
                    (found, meets, meetsAt) = (result, step, measure);
            }
            else if (fails == 0 || (falls ? step > fails : step < fails))
            {
                (fails, failsAt) = (step, measure);
            }

            if (found is null)
            {
                if (step >= Most || step <= 2 * Least)
                    break;
                step *= falls ? Math.Clamp(Math.Pow(measure / goal, 1.1), 1.05, 8) : Math.Clamp(Math.Sqrt(goal / measure), 0.12, 0.95);
            }
            else if (fails == 0)
            {
                double ratio = goal / Math.Max(meetsAt, 1e-30);
                if (ratio < Near)
                    break;
                step *= falls ? 1 / Math.Clamp(Math.Pow(ratio, 1.1), 1.01, 8) : Math.Clamp(Math.Sqrt(ratio), 1.01, 8);
                if (step < Least || step > Most)
                    break;
            }
            else
            {
                double ratio = Math.Max(meets, fails) / Math.Min(meets, fails);
                if (ratio < Near || goal / Math.Max(meetsAt, 1e-30) < 1.003)
                    break;
                // Between the two, on the line through the logarithms, a little on the side that meets the goal.
                double part = Math.Clamp((Math.Log(goal) - Math.Log(Math.Max(meetsAt, 1e-30))) / (Math.Log(failsAt) - Math.Log(Math.Max(meetsAt, 1e-30))), 0.1, 0.9) * 0.97;
                step = Math.Exp(Math.Log(meets) + (part * (Math.Log(fails) - Math.Log(meets))));
            }
        }

        return (found, extreme);
    }
}
