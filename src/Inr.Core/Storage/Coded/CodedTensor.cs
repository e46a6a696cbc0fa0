namespace Inr;

/// <summary>The whole numbers of one tensor and the exact step that makes numbers of them: what a stream of codes says.</summary>
/// <param name="Role">What the tensor does; it chooses the probabilities.</param>
/// <param name="Shape">The shape of the tensor.</param>
/// <param name="Codes">One code for each number, in row-major order; of a raw tensor, the bits of its floats.</param>
/// <param name="Step">The distance of two levels.</param>
/// <param name="Shift">How much nearer to 0 a level lies than its code says, in sixteenths of a step.</param>
/// <param name="Mode">How the codes are written.</param>
internal sealed record CodedTensor(ParameterRole Role, IReadOnlyList<long> Shape, int[] Codes, CodedStep Step, int Shift, CodedMode Mode)
{
    /// <summary>The largest magnitude of a code: what a float holds exactly, sixteen times over.</summary>
    public const int LargestCode = (1 << 20) - 1;

    /// <summary>The largest magnitude of a whole number that is kept as it is.</summary>
    public const int LargestWhole = (1 << 24) - 1;

    /// <summary>The most sixteenths of a shift.</summary>
    public const int LargestShift = 7;

    /// <summary>What codes count from; null for 0.</summary>
    public CodedStart? Start { get; init; }

    /// <summary>The numbers. A product of an exact whole number and an exact step is rounded once, and its sum with the start once more: the same on every machine.</summary>
    public float[] Numbers()
    {
        if (Mode == CodedMode.Raw)
            return Array.ConvertAll(Codes, BitConverter.Int32BitsToSingle);
        float size = Step.Size, part = size / 16;
        float[] moved = Shift == 0
            ? Array.ConvertAll(Codes, q => q * size)
            : Array.ConvertAll(Codes, q => ((16 * q) - (Math.Sign(q) * Shift)) * part);
        if (Start is not { } start)
            return moved;
        float[] numbers = start.Numbers(moved.Length);
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] += moved[i];
        return numbers;
    }
}
