namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What a coded signal says of itself before its boxes.</summary>
internal sealed record PictureHeader
{
    /// <summary>The most channels.</summary>
    public const int MostChannels = 16;

    /// <summary>The most samples.</summary>
    public const long MostSamples = 1L << 28;

    private const byte Version = 1;

    // A byte of further flags follows the first one.
    private const byte FlagsVersion = 2;
    private const byte ExactFlag = 0x01;
    private const byte WideFlag = 0x02;
    private const byte RefinementMask = 0x0C;
    private const int RefinementShift = 2;
    private const byte KnownFlags = ExactFlag | WideFlag | RefinementMask;

    // A file that was cut says more boxes than it has bits for.
    private const int MostTreesPerCutByte = 64;
    private const byte VersionMask = 0x07;
    private const byte LineFlag = 0x08;
    private const byte BlendFlag = 0x10;
    private const byte AxesFlag = 0x20;
    private const int FormatShift = 6;
    private const int OtherFormat = 3;
    private const byte FloatFlag = 0x80;

    // A tree has at least one bit that splits it, one of its mode and one a channel; the likeliest bit costs so much.
    private const double LeastBitCost = 0.001057;

    // The decoder reads so many bytes beyond the end, as zeros.
    private const int BytesBeyond = 5;

    /// <summary>Samples on each axis: one or two.</summary>
    public required int[] Shape { get; init; }

    /// <summary>Values of a sample.</summary>
    public required int Channels { get; init; }

    /// <summary>The step of the levels.</summary>
    public required Half Step { get; init; }

    /// <summary>What all coefficients 0 stand for, by channel.</summary>
    public required Half[] Means { get; init; }

    /// <summary>The axes of the first three channels; null where they stay as they are.</summary>
    public ColorAxes? Axes { get; init; }

    /// <summary>How the file of the signal stored its samples; null where that is unknown.</summary>
    public SampleFormat? Format { get; init; }

    /// <summary>Whether borders of boxes are blended.</summary>
    public bool Blends { get; init; } = true;

    /// <summary>The bits of samples in exact boxes, 8 or 16; 0 where there are no such boxes.</summary>
    public int ExactBits { get; init; }

    /// <summary>Layers of refinements, each of half the step of the one before; <see cref="Step"/> is the first, coarse one.</summary>
    public int Refinements { get; init; }

    /// <summary>The coded bytes after the header, where there are layers: a file with fewer was cut.</summary>
    public int CodedBytes { get; init; }

    /// <summary>The most layers.</summary>
    public const int MostRefinements = 3;

    public int Width => Shape[^1];

    public int Height => Shape.Length == 1 ? 1 : Shape[0];

    /// <summary>The boxes that there are.</summary>
    public BoxRules Rules => Shape.Length == 1 ? BoxRules.Line : BoxRules.Plane;

    public int Columns => (Width + (1 << Rules.LogRootWidth) - 1) >> Rules.LogRootWidth;

    public int Rows => (Height + (1 << Rules.LogRootHeight) - 1) >> Rules.LogRootHeight;

    /// <summary>Samples of a row of whole trees.</summary>
    public int Stride => Columns << Rules.LogRootWidth;

    /// <summary>Rows of whole trees.</summary>
    public int PaddedHeight => Rows << Rules.LogRootHeight;

    /// <summary>The bytes of the header.</summary>
    public byte[] ToBytes()
    {
        byte flags = (byte)(ExactBits switch { 0 => 0, 8 => ExactFlag, _ => ExactFlag | WideFlag } | (Refinements << RefinementShift));
        var bytes = new List<byte> { (byte)((flags == 0 ? Version : FlagsVersion) | (Shape.Length == 1 ? LineFlag : 0) | (Blends ? BlendFlag : 0) | (Axes is null ? 0 : AxesFlag) | (FormatCode << FormatShift)) };
        if (flags != 0)
            bytes.Add(flags);
        if (FormatCode == OtherFormat)
        {
            bytes.Add((byte)(Format!.Bits | (Format.IsFloatingPoint ? FloatFlag : 0)));
            WriteNumber(bytes, Format.SampleRate);
        }

        foreach (int n in Shape)
            WriteNumber(bytes, n);
        bytes.Add((byte)Channels);
        WriteHalf(bytes, Step);
        foreach (var mean in Means)
            WriteHalf(bytes, mean);
        if (Axes is not null)
            bytes.AddRange(Axes.ToBytes());
        if (Refinements > 0)
            WriteNumber(bytes, CodedBytes);
        return [.. bytes];
    }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">All bytes of the payload.</param>
    /// <param name="end">Where the coded bits begin.</param>
    /// <exception cref="FormatException">It is none, or says more than the bytes can hold.</exception>
    public static PictureHeader Parse(ReadOnlySpan<byte> bytes, out int end)
    {
        var reader = new Reader(bytes);
        byte first = reader.Byte();
        int version = first & VersionMask;
        if (version is not (Version or FlagsVersion))
            throw new FormatException($"its coded bytes have the version {version}; this library reads versions {Version} and {FlagsVersion}.");
        byte flags = version == FlagsVersion ? reader.Byte() : (byte)0;
        if ((flags & ~KnownFlags) != 0 || (version == FlagsVersion && flags == 0) || (flags & (ExactFlag | WideFlag)) == WideFlag)
            throw new FormatException($"its coded bytes have the flags 0x{flags:X2}, which this library does not know.");
        var format = ReadFormat(ref reader, first >> FormatShift);
        int[] shape = new int[(first & LineFlag) != 0 ? 1 : 2];
        long samples = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Number();
            samples *= shape[i];
        }

        int channels = reader.Byte();
        if (samples is 0 or > MostSamples || channels is 0 or > MostChannels)
            throw new FormatException($"its coded bytes say {string.Join('×', shape)} samples of {channels} values; there are 1 to {MostSamples} of 1 to {MostChannels}.");
        var step = reader.Half();
        if (!Half.IsFinite(step) || step <= Half.Zero)
            throw new FormatException($"its coded bytes have the step {step}.");
        var means = new Half[channels];
        for (int i = 0; i < channels; i++)
        {
            means[i] = reader.Half();
            if (!Half.IsFinite(means[i]))
                throw new FormatException($"its coded bytes have the mean {means[i]}.");
        }

        ColorAxes? axes = null;
        if ((first & AxesFlag) != 0)
        {
            if (channels < 3)
                throw new FormatException($"its coded bytes have axes for {channels} channels.");
            axes = ColorAxes.FromBytes(reader.Bytes(ColorAxes.ByteCount));
        }

        int exactBits = (flags & ExactFlag) == 0 ? 0 : (flags & WideFlag) == 0 ? 8 : 16;
        if (exactBits > 0 && (channels > ExactColors.MostChannels || shape.Length == 1))
            throw new FormatException($"its coded bytes have exact boxes for {string.Join('×', shape)} samples of {channels} values.");
        int refinements = (flags & RefinementMask) >> RefinementShift, codedBytes = refinements > 0 ? reader.Number() : 0;
        end = reader.At;
        if (refinements > 0 && bytes.Length - end > codedBytes)
            throw new FormatException($"it has {bytes.Length - end} coded bytes and says that there are {codedBytes}.");
        var header = new PictureHeader { Shape = shape, Channels = channels, Step = step, Means = means, Axes = axes, Blends = (first & BlendFlag) != 0, Format = format, ExactBits = exactBits, Refinements = refinements, CodedBytes = codedBytes };
        if (header.Columns * (double)header.Rows * (channels + 1) * LeastBitCost > 8.0 * (bytes.Length - end + BytesBeyond))
            throw new FormatException($"its {bytes.Length} coded bytes cannot hold {string.Join('×', shape)} samples.");
        if (header.IsCut(bytes.Length, end) && header.Columns * (long)header.Rows > MostTreesPerCutByte * (long)bytes.Length)
            throw new FormatException($"the {bytes.Length} bytes that are left of it show too little of {string.Join('×', shape)} samples.");
        return header;
    }

    /// <summary>Whether bytes are missing at the end.</summary>
    /// <param name="length">The bytes that are there.</param>
    /// <param name="start">The bytes of the header.</param>
    public bool IsCut(int length, int start) => Refinements > 0 && length - start < CodedBytes;

    // Nothing, whole numbers of 8 or of 16 bits without a rate, or something else in bytes of its own.
    private int FormatCode => Format switch
    {
        null => 0,
        { Bits: 8, IsFloatingPoint: false, SampleRate: 0 } => 1,
        { Bits: 16, IsFloatingPoint: false, SampleRate: 0 } => 2,
        _ => OtherFormat,
    };

    private static SampleFormat? ReadFormat(ref Reader reader, int code)
    {
        if (code < OtherFormat)
            return code == 0 ? null : new SampleFormat(8 * code);
        byte bits = reader.Byte();
        try
        {
            return new SampleFormat(bits & ~FloatFlag, (bits & FloatFlag) != 0, reader.Number());
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"its coded bytes have a format of samples that there is none: {e.Message}", e);
        }
    }

    private static void WriteNumber(List<byte> bytes, int number)
    {
        for (; number >= 0x80; number >>= 7)
            bytes.Add((byte)(number | 0x80));
        bytes.Add((byte)number);
    }

    private static void WriteHalf(List<byte> bytes, Half number)
    {
        ushort bits = BitConverter.HalfToUInt16Bits(number);
        bytes.Add((byte)bits);
        bytes.Add((byte)(bits >> 8));
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int At { get; private set; }

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (_bytes.Length - At < count)
                throw new FormatException($"its {_bytes.Length} coded bytes end within their header.");
            At += count;
            return _bytes.Slice(At - count, count);
        }

        public byte Byte() => Bytes(1)[0];

        public Half Half()
        {
            var two = Bytes(2);
            return BitConverter.UInt16BitsToHalf((ushort)(two[0] | (two[1] << 8)));
        }

        public int Number()
        {
            int number = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = Byte();
                number |= (next & 0x7F) << shift;
                if (next < 0x80)
                    return next == 0 && shift > 0 ? throw new FormatException("its coded bytes have a number that is longer than it must be.") : number;
                if (shift >= 21)
                    throw new FormatException("its coded bytes have a size of more than 28 bits.");
            }
        }
    }
}
