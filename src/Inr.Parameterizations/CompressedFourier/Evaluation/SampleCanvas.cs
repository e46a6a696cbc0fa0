namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Planes of decoded samples in units of the step, and which of them are there.</summary>
internal sealed class SampleCanvas
{
    private readonly BoxRules _rules;
    private readonly int _blockStride;
    private readonly bool[] _there;

    public SampleCanvas(PictureHeader header)
    {
        Header = header;
        _rules = header.Rules;
        Stride = header.Stride;
        Height = header.PaddedHeight;
        _blockStride = Stride >> _rules.LogLeastWidth;
        _there = new bool[_blockStride * (Height >> _rules.LogLeastHeight)];
        Planes = [.. Enumerable.Range(0, header.Channels).Select(_ => GC.AllocateUninitializedArray<float>(Stride * Height))];
    }

    public PictureHeader Header { get; }

    public int Stride { get; }

    public int Height { get; }

    public float[][] Planes { get; }

    /// <summary>How many samples of the row above are there, from the first column of a box on.</summary>
    public int Above(BoxPlace box)
    {
        if (box.Y == 0)
            return 0;
        int row = ((box.Y - 1) >> _rules.LogLeastHeight) * _blockStride, block = box.X >> _rules.LogLeastWidth;
        int end = Math.Min(_blockStride, (box.X + box.Width + box.Height) >> _rules.LogLeastWidth);
        int at = block;
        while (at < end && _there[row + at])
            at++;
        return (at - block) << _rules.LogLeastWidth;
    }

    /// <summary>How many samples of the column to the left are there, from the first row of a box on.</summary>
    public int Beside(BoxPlace box)
    {
        if (box.X == 0)
            return 0;
        int column = (box.X - 1) >> _rules.LogLeastWidth, block = box.Y >> _rules.LogLeastHeight;
        int end = Math.Min(Height >> _rules.LogLeastHeight, (box.Y + box.Width + box.Height) >> _rules.LogLeastHeight);
        int at = block;
        while (at < end && _there[(at * _blockStride) + column])
            at++;
        return (at - block) << _rules.LogLeastHeight;
    }

    /// <summary>Puts a channel of a box in its place.</summary>
    public void Put(int channel, BoxPlace box, ReadOnlySpan<float> samples)
    {
        for (int y = 0; y < box.Height; y++)
            samples.Slice(y * box.Width, box.Width).CopyTo(Planes[channel].AsSpan(((box.Y + y) * Stride) + box.X));
    }

    /// <summary>Takes a channel of a box.</summary>
    public void Take(int channel, BoxPlace box, Span<float> samples)
    {
        for (int y = 0; y < box.Height; y++)
            Planes[channel].AsSpan(((box.Y + y) * Stride) + box.X, box.Width).CopyTo(samples[(y * box.Width)..]);
    }

    /// <summary>Notes that all channels of a box are there.</summary>
    public void Finish(BoxPlace box)
    {
        int x = box.X >> _rules.LogLeastWidth, width = box.Width >> _rules.LogLeastWidth;
        int y = box.Y >> _rules.LogLeastHeight, height = box.Height >> _rules.LogLeastHeight;
        for (int i = 0; i < height; i++)
            Array.Fill(_there, true, ((y + i) * _blockStride) + x, width);
    }
}
