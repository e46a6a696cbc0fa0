using System.Collections.Concurrent;

namespace Inr.Piecewise;

/// <summary>The bent versions of the cuts of a <see cref="CutDictionary"/>, each with nested orthonormal bases of its two regions.</summary>
/// <remarks>
/// A bent cut keeps the direction of the straight one and its mean offset along the chord: its foot moves back by half the
/// mean sagitta. Built on demand, kept in a process.
/// </remarks>
internal sealed class CurveDictionary
{
    /// <summary>Shorter boxes are too small for a bend of one sample to pay for its number.</summary>
    public const int MinLongestSide = 8;

    /// <summary>Terms per sample that a curved region may spend on one channel while it is searched.</summary>
    private const double TermShare = 0.3;

    private static readonly ConcurrentDictionary<string, CurveDictionary> Cache = new();

    private readonly int[] _shape;
    private readonly CutDictionary _cuts;
    private readonly ConcurrentDictionary<(int Cut, int Bend), Lazy<CutDictionary.Entry?>> _entries = new();

    private CurveDictionary(int[] shape)
    {
        _shape = shape;
        _cuts = CutDictionary.Get(shape);
    }

    /// <summary>The curvatures, ascending: inverse radii in half the longest side of the box.</summary>
    public static double[] Bends { get; } = [-1.2, -0.85, -0.55, -0.3, -0.15, 0.15, 0.3, 0.55, 0.85, 1.2];

    /// <summary>The bends that are tried first; the neighbours of the best one follow.</summary>
    public static int[] Coarse { get; } = [1, 3, 6, 8];

    /// <summary>The dictionary of a box shape.</summary>
    public static CurveDictionary Get(int[] shape) => Cache.GetOrAdd(string.Join('x', shape), _ => new CurveDictionary(shape));

    /// <summary>A bent cut, or null where too little lies on one side of it.</summary>
    /// <param name="cut">The straight cut in the dictionary of the shape.</param>
    /// <param name="bend">The number of its curvature in <see cref="Bends"/>.</param>
    public CutDictionary.Entry? Find(int cut, int bend) =>
        _entries.GetOrAdd((cut, bend), key => new Lazy<CutDictionary.Entry?>(() => Create(_cuts.Cuts[key.Cut].Parameters, Bends[key.Bend]))).Value;

    private CutDictionary.Entry? Create(double[] straight, double curvature)
    {
        double[] parameters = [.. straight, curvature];
        parameters[^2] -= curvature / 2 * MeanSquareAlongChord(straight);
        return CutDictionary.Create(_shape, parameters, TermShare);
    }

    // In half longest sides squared, over the samples within one sample of the straight cut.
    private double MeanSquareAlongChord(double[] straight)
    {
        int longest = _shape.Max(), size = _shape.Aggregate(1, (p, n) => p * n), d = _shape.Length;
        var plane = new CutSurface(straight, _shape);
        var distances = plane.Distances(_shape);
        double shift = straight[^1] * longest / 2, sum = 0;
        int count = 0;
        for (int i = 0; i < size; i++)
        {
            if (Math.Abs(distances[i]) > 1)
                continue;
            double squared = -distances[i] * distances[i];
            int rest = i;
            for (int a = d - 1; a >= 0; a--)
            {
                double x = (rest % _shape[a]) + 0.5 - (_shape[a] / 2.0) - (shift * plane.Normal(a));
                squared += x * x;
                rest /= _shape[a];
            }

            sum += squared;
            count++;
        }

        return count == 0 ? 0 : sum / count * 4 / ((double)longest * longest);
    }
}
