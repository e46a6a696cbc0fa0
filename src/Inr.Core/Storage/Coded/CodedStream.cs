namespace Inr;

/// <summary>Several tensors of whole numbers in one stream of a range coder, so that what is learned of one serves the next.</summary>
internal static class CodedStream
{
    private const int FirstCodes = 1 << 14;

    // Eight bits of at least −log₂(1 − 64/65536) each.
    private const long MostNumbersPerByte = 5_700;

    /// <summary>Writes tensors.</summary>
    /// <returns>The bytes, and how many of their bits are each tensor's.</returns>
    public static (byte[] Bytes, long[] Bits) Encode(IReadOnlyList<CodedTensor> tensors)
    {
        var writer = new RangeWriter();
        var model = new NumberModel();
        var ends = new int[tensors.Count];
        for (int i = 0; i < ends.Length; i++)
        {
            Write(writer, model, tensors[i]);
            ends[i] = writer.Shifts;
        }

        byte[] bytes = writer.Finish();
        return (bytes, Shares(bytes.Length, ends));
    }

    /// <summary>Writes the codes of a tensor.</summary>
    public static void Write(RangeWriter writer, NumberModel model, CodedTensor tensor)
    {
        model.Begin(writer, tensor.Role, Columns(tensor.Shape), HeadOf(tensor));
        int largest = Largest(tensor.Role);
        for (int i = 0; i < tensor.Codes.Length; i++)
        {
            if (tensor.Mode == CodedMode.Raw)
            {
                NumberModel.CodeRaw(writer, tensor.Codes[i]);
                continue;
            }

            model.Locate(tensor.Codes, i);
            model.Code(writer, tensor.Codes[i], i > 0 ? tensor.Codes[i - 1] : 0, largest);
        }
    }

    /// <summary>The inverse of <see cref="Encode"/>.</summary>
    /// <param name="bytes">The bytes, all of them.</param>
    /// <param name="specs">Role and shape of each tensor.</param>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static (CodedTensor[] Tensors, long[] Bits) Decode(ReadOnlyMemory<byte> bytes, IReadOnlyList<(ParameterRole Role, IReadOnlyList<long> Shape)> specs)
    {
        Int128 count = 0;
        foreach (var (_, shape) in specs)
            count += StorageShapes.ArrayCount(shape);
        if (count > (bytes.Length + RangeWriter.WindowBytes) * (Int128)MostNumbersPerByte)
            throw new FormatException($"its {bytes.Length} coded bytes cannot hold {count} numbers.");
        var reader = new RangeReader(bytes);
        var model = new NumberModel();
        var tensors = new CodedTensor[specs.Count];
        var ends = new int[specs.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Read(reader, model, specs[i].Role, specs[i].Shape);
            ends[i] = reader.Shifts;
        }

        reader.RequireEnd();
        return (tensors, Shares(bytes.Length, ends));
    }

    /// <summary>The length of the last axis.</summary>
    public static long Columns(IReadOnlyList<long> shape) => shape.Count == 0 ? 1 : Math.Max(1, shape[^1]);

    /// <summary>What stands before the codes of a tensor.</summary>
    public static CodedHead HeadOf(CodedTensor tensor) => new(tensor.Mode, tensor.Step, tensor.Shift, tensor.Mode == CodedMode.Even ? ExpectedClass(tensor.Codes) : 0, tensor.Start);

    /// <summary>The class of the mean magnitude of codes.</summary>
    public static int ExpectedClass(ReadOnlySpan<int> codes)
    {
        long sum = 0;
        foreach (int code in codes)
            sum += Math.Abs((long)code);
        return codes.Length == 0 ? 0 : NumberModel.ClassOf(16 * sum / codes.Length);
    }

    private static CodedTensor Read(RangeReader reader, NumberModel model, ParameterRole role, IReadOnlyList<long> shape)
    {
        var head = model.Begin(reader, role, Columns(shape), default);
        int count = StorageShapes.ArrayCount(shape), largest = Largest(role);
        // It grows with what has been decoded: the count is only a claim.
        var codes = new int[Math.Min(count, FirstCodes)];
        for (int i = 0; i < count; i++)
        {
            if (i == codes.Length)
                Array.Resize(ref codes, (int)Math.Min(count, 2L * i));
            if (head.Mode == CodedMode.Raw)
            {
                codes[i] = NumberModel.CodeRaw(reader, 0);
                continue;
            }

            model.Locate(codes, i);
            codes[i] = model.Code(reader, 0, i > 0 ? codes[i - 1] : 0, largest);
        }

        return new CodedTensor(role, shape, codes, head.Step, head.Shift, head.Mode) { Start = head.Start };
    }

    // Whole numbers that are themselves need no room for sixteenths.
    private static int Largest(ParameterRole role) => role == ParameterRole.Structure ? CodedTensor.LargestWhole : CodedTensor.LargestCode;

    // A tensor has the bytes that the window moved by while it was coded; the last one has the rest.
    private static long[] Shares(int bytes, int[] ends)
    {
        var shares = new long[ends.Length];
        for (int i = 0; i < ends.Length; i++)
        {
            long start = i == 0 ? 0 : Math.Min(bytes, ends[i - 1]), end = i == ends.Length - 1 ? bytes : Math.Min(bytes, ends[i]);
            shares[i] = 8 * (end - start);
        }

        return shares;
    }
}
