using System.Numerics;
using System.Runtime.InteropServices;

namespace Inr.Optimization;

/// <summary>One step of Adam over the numbers of one tensor.</summary>
internal readonly record struct AdamPass
{
    public required float Beta1 { get; init; }

    /// <summary>1 − β₁.</summary>
    public required float Rest1 { get; init; }

    public required float Beta2 { get; init; }

    /// <summary>1 − β₂.</summary>
    public required float Rest2 { get; init; }

    /// <summary>1/(1 − β₁ᵗ).</summary>
    public required float Scale1 { get; init; }

    /// <summary>1/√(1 − β₂ᵗ).</summary>
    public required float Scale2 { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>λ of the penalty that is part of the gradient.</summary>
    public required float Decay { get; init; }

    /// <summary>λ of AdamW.</summary>
    public required float DecoupledDecay { get; init; }

    /// <summary>η.</summary>
    public required float Rate { get; init; }

    /// <summary>Reads θ, gradient and moments, and writes θ' and the next moments; all of one length.</summary>
    public void Run(ReadOnlySpan<float> theta, ReadOnlySpan<float> gradient, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> nextTheta, Span<float> nextFirst, Span<float> nextSecond)
    {
        int whole = theta.Length - theta.Length % Vector<float>.Count;
        ReadOnlySpan<Vector<float>> t = Vectors(theta), g = Vectors(gradient), m = Vectors(first), v = Vectors(second);
        Span<Vector<float>> nt = Vectors(nextTheta), nm = Vectors(nextFirst), nv = Vectors(nextSecond);
        for (int i = 0; i < nt.Length; i++)
        {
            var slope = g[i] + Decay * t[i];
            var mean = m[i] * Beta1 + slope * Rest1;
            var square = v[i] * Beta2 + slope * slope * Rest2;
            var direction = mean * Scale1 / (Vector.SquareRoot(square) * Scale2 + new Vector<float>(Epsilon));
            nm[i] = mean;
            nv[i] = square;
            nt[i] = t[i] - Rate * (direction + DecoupledDecay * t[i]);
        }

        for (int i = whole; i < theta.Length; i++)
        {
            float slope = gradient[i] + Decay * theta[i];
            float mean = nextFirst[i] = first[i] * Beta1 + slope * Rest1;
            float square = nextSecond[i] = second[i] * Beta2 + slope * slope * Rest2;
            nextTheta[i] = theta[i] - Rate * (mean * Scale1 / (MathF.Sqrt(square) * Scale2 + Epsilon) + DecoupledDecay * theta[i]);
        }
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> numbers) => MemoryMarshal.Cast<float, Vector<float>>(numbers);

    private static Span<Vector<float>> Vectors(Span<float> numbers) => MemoryMarshal.Cast<float, Vector<float>>(numbers);
}
