using System.Buffers.Binary;

namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations that know nothing of a format.</summary>
internal static class ByteMutations
{
    private static readonly long[] Interesting =
    [
        0, 1, 2, 3, 7, 8, 16, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, -1, -2, -128, -32768,
    ];

    private static readonly Mutation[] All = [FlipBit, FlipBit, SetByte, SetByte, SetByte, SetNumber, SetNumber, SetNumber, Splice, Splice, Cut, Duplicate, Remove, Insert];

    /// <summary>One change, or up to four.</summary>
    public static byte[] Apply(byte[] file, Random random)
    {
        for (int changes = random.Next(2) == 0 ? 1 : random.Next(2, 5); changes > 0 && file.Length > 0; changes--)
            file = All[random.Next(All.Length)](file, random);
        return file;
    }

    /// <summary>A number at the edges of what types hold.</summary>
    public static long InterestingNumber(Random random) => Interesting[random.Next(Interesting.Length)];

    private static byte[] FlipBit(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        changed[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static byte[] SetByte(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        changed[random.Next(file.Length)] = (byte)random.Next(256);
        return changed;
    }

    // Lengths, sizes and offsets of any width and order.
    private static byte[] SetNumber(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        int width = 1 << random.Next(1, 4);
        if (width > file.Length)
            return changed;
        var bytes = new byte[8];
        long value = InterestingNumber(random) + random.Next(-1, 2);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        var part = bytes.AsSpan(0, width);
        if (random.Next(2) == 0)
            part.Reverse();
        part.CopyTo(changed.AsSpan(random.Next(file.Length - width + 1)));
        return changed;
    }

    private static byte[] Cut(byte[] file, Random random) => random.Next(4) == 0 ? file[random.Next(file.Length)..] : file[..random.Next(file.Length)];

    private static byte[] Splice(byte[] file, Random random)
    {
        var (start, length) = Range(file, random);
        byte[] changed = [.. file];
        file.AsSpan(start, length).CopyTo(changed.AsSpan(random.Next(file.Length - length + 1)));
        return changed;
    }

    private static byte[] Duplicate(byte[] file, Random random)
    {
        var (start, length) = Range(file, random);
        int times = random.Next(8) == 0 ? random.Next(2, 200) : 1;
        return [.. file[..(start + length)], .. Enumerable.Repeat(file[start..(start + length)], times).SelectMany(b => b), .. file[(start + length)..]];
    }

    private static byte[] Remove(byte[] file, Random random)
    {
        var (start, length) = Range(file, random);
        return [.. file[..start], .. file[(start + length)..]];
    }

    private static byte[] Insert(byte[] file, Random random)
    {
        int place = random.Next(file.Length + 1);
        byte[] bytes = new byte[random.Next(1, 9)];
        random.NextBytes(bytes);
        return [.. file[..place], .. bytes, .. file[place..]];
    }

    private static (int Start, int Length) Range(byte[] file, Random random)
    {
        int start = random.Next(file.Length);
        return (start, random.Next(1, Math.Min(64, file.Length - start) + 1));
    }
}
