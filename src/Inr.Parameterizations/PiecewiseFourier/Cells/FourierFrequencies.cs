namespace Inr.Parameterizations;

/// <summary>Lists of integer frequencies in the order of their length.</summary>
internal static class FourierFrequencies
{
    /// <summary>The <paramref name="count"/> shortest frequencies of Z_+^d, zero included.</summary>
    public static int[][] Orthant(int dimension, int count) => Shortest(dimension, count, 0, _ => true);

    /// <summary>The shortest frequencies of a half-space of Z^d: one of each pair ±u, and zero.</summary>
    public static int[][] HalfSpace(int dimension, int count) => Shortest(dimension, count, null, u =>
    {
        int first = Array.Find(u, x => x != 0);
        return first >= 0;
    });

    /// <summary>The frequencies as a tensor [count, d] of the type and device of another.</summary>
    public static Tensor ToTensor(int[][] frequencies, Tensor like)
    {
        using var scope = NewDisposeScope();
        return tensor(frequencies.SelectMany(u => u.Select(x => (double)x)).ToArray(), ScalarType.Float64, like.device)
            .reshape(frequencies.Length, -1).to(like.dtype).MoveToOuterDisposeScope();
    }

    private static int[][] Shortest(int dimension, int count, int? lowest, Func<int[], bool> accepts)
    {
        int radius = 1;
        while (true)
        {
            var found = new List<int[]>();
            int low = lowest ?? -radius, span = radius - low + 1;
            for (int i = 0; i < Math.Pow(span, dimension); i++)
            {
                var u = new int[dimension];
                int rest = i;
                for (int a = dimension - 1; a >= 0; a--)
                {
                    u[a] = low + (rest % span);
                    rest /= span;
                }

                // Complete up to the radius only inside the ball.
                if (u.Sum(x => (double)x * x) <= (double)radius * radius && accepts(u))
                    found.Add(u);
            }

            if (found.Count >= count)
                return [.. found.OrderBy(u => u.Sum(x => x * x)).Take(count)];
            radius *= 2;
        }
    }
}
