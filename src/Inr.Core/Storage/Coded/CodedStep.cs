namespace Inr;

/// <summary>A step of 2^(e/8): one of eight exact constants times an exact power of two.</summary>
/// <param name="Exponent">e.</param>
internal readonly record struct CodedStep(int Exponent)
{
    /// <summary>The steps of an octave.</summary>
    public const int PerOctave = 8;

    /// <summary>The largest magnitude of an exponent: far inside of what float32 holds exactly.</summary>
    public const int Largest = 80 * PerOctave;

    // 2^(i/8) rounded to float32; part of the format.
    private static readonly float[] Eighths = [1f, 1.0905077f, 1.1892071f, 1.2968396f, 1.4142135f, 1.5422108f, 1.6817929f, 1.8340081f];

    /// <summary>The step.</summary>
    public float Size => MathF.ScaleB(Eighths[Exponent & (PerOctave - 1)], Exponent >> 3);

    /// <summary>The nearest step.</summary>
    public static CodedStep Nearest(double size) => new((int)Math.Clamp(Math.Round(PerOctave * Math.Log2(size)), -Largest, Largest));
}
