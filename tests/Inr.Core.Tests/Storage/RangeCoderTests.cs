namespace Inr.Tests;

/// <summary>The entropy coder: exact for any codes, close to their entropy, and the same bytes on every machine.</summary>
public sealed class RangeCoderTests
{
    [Fact]
    public void Encode_KnownCodes_GivesKnownBytes()
    {
        // Written down once: files of any machine and any later version decode to the same codes.
        int[] codes = [3, 3, 2, 3, 3, 4, 3, 3, 0, 3, 7, 3, 3, 3, 5, 3];
        byte[] blob = RangeCoder.Encode(codes, 0, 3);
        Convert.ToHexString(blob).Should().Be("6B2491A574BC4D53");
        RangeCoder.Decode(blob, codes.Length, 0, 3).Should().Equal(codes);
    }

    [Fact]
    public void Decode_ManyRandomSequences_IsExact()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 400; trial++)
        {
            int bits = random.Next(1, 17), lowest = random.Next(2) == 0 ? 0 : -(1 << (bits - 1)), count = random.Next(0, 300);
            // From all the same to all equally likely: carries and long runs of 0xFF come up.
            double skew = Math.Pow(random.NextDouble(), 4) * 20;
            int[] codes = [.. Enumerable.Range(0, count).Select(_ => lowest + (int)(((1 << bits) - 1) * Math.Pow(random.NextDouble(), skew)))];
            byte[] blob = RangeCoder.Encode(codes, lowest, bits);
            RangeCoder.Decode(blob, count, lowest, bits).Should().Equal(codes, $"trial {trial}");
        }
    }

    [Theory]
    [InlineData(8, 4.0)]
    [InlineData(6, 2.0)]
    [InlineData(12, 300.0)]
    [InlineData(8, 0.4)]
    public void Encode_CodesOfABell_TakeTheirEntropy(int bits, double width)
    {
        var random = new Random(5);
        int[] codes = [.. Enumerable.Range(0, 50_000).Select(_ => (int)Math.Clamp(Math.Round(Bell(random) * width), -(1 << (bits - 1)), (1 << (bits - 1)) - 1))];
        double entropy = codes.GroupBy(c => c).Sum(g => -g.Count() * Math.Log2(g.Count() / (double)codes.Length));
        double coded = 8.0 * RangeCoder.Encode(codes, -(1 << (bits - 1)), bits).Length;
        coded.Should().BeInRange(entropy, (1.03 * entropy) + 4096);
    }

    [Fact]
    public void Encode_CodesThatAreAllTheSame_TakeAHundredthOfABitEach()
    {
        byte[] blob = RangeCoder.Encode(new int[100_000], 0, 1);
        (8.0 * blob.Length / 100_000).Should().BeInRange(0.0109, 0.0125);
        RangeCoder.Decode(blob, 100_000, 0, 1).Should().AllBeEquivalentTo(0);
    }

    [Fact]
    public void Decode_BlobCutAnywhere_IsRefused()
    {
        var random = new Random(3);
        int[] codes = [.. Enumerable.Range(0, 200).Select(_ => random.Next(32))];
        byte[] blob = RangeCoder.Encode(codes, 0, 5);
        for (int length = 0; length < blob.Length; length++)
            FluentActions.Invoking(() => RangeCoder.Decode(blob[..length], 200, 0, 5)).Should().Throw<FormatException>($"{length} of {blob.Length} bytes are left");
        FluentActions.Invoking(() => RangeCoder.Decode([.. blob, 0], 200, 0, 5)).Should().Throw<FormatException>().WithMessage("*beyond its last code*");
        FluentActions.Invoking(() => RangeCoder.Decode([1], 0, 0, 5)).Should().Throw<FormatException>();
    }

    [Fact]
    public void Decode_MoreCodesThanTheBytesHold_IsRefusedWithoutMemory()
    {
        var blob = new byte[1000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => RangeCoder.Decode(blob, 1L << 40, 0, 1)).Should().Throw<FormatException>().WithMessage("*1000 bytes cannot hold 1099511627776 codes*");
        // A count that could be: the bytes end before the memory is taken.
        var noise = new byte[1_000_000];
        new Random(1).NextBytes(noise);
        FluentActions.Invoking(() => RangeCoder.Decode(noise, 700_000_000, 0, 1)).Should().Throw<FormatException>().WithMessage("*ends before its last code*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(400_000_000);
    }

    private static double Bell(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
