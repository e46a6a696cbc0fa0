using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>The stream of coded tensors: what it gives back, what it costs against the entropy, and what it does with damaged bytes.</summary>
public sealed class CodedStreamTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(3.0)]
    [InlineData(60.0)]
    public void Decode_GivesBackWhatWasEncoded(double spread)
    {
        CodedTensor[] tensors =
        [
            Tensor(ParameterRole.Weight, [17, 23], spread, 1, CodedMode.Even),
            Tensor(ParameterRole.Bias, [29], 40 * spread, 2, CodedMode.Local) with { Shift = 3, Start = new CodedStart(77, new CodedStep(-20)) },
            Tensor(ParameterRole.Structure, [5], 1e6, 3, CodedMode.Even) with { Step = new CodedStep(0) },
            new(ParameterRole.Weight, [2], [BitConverter.SingleToInt32Bits(0.1f), BitConverter.SingleToInt32Bits(-7e-30f)], default, 0, CodedMode.Raw),
            Tensor(ParameterRole.Weight, [0], 1, 4, CodedMode.Even),
            Tensor(ParameterRole.Coefficient, [3, 4, 5], spread, 5, CodedMode.Local),
        ];
        var (bytes, bits) = CodedStream.Encode(tensors);
        var (read, readBits) = CodedStream.Decode(bytes, [.. tensors.Select(t => (t.Role, t.Shape))]);
        readBits.Should().Equal(bits);
        bits.Sum().Should().Be(8 * bytes.Length);
        foreach (var (a, b) in read.Zip(tensors))
        {
            a.Codes.Should().Equal(b.Codes);
            (a.Step, a.Shift, a.Mode, a.Start).Should().Be((b.Step, b.Shift, b.Mode, b.Start));
            a.Numbers().Should().Equal(b.Numbers());
        }

        CodedStream.Encode(read).Bytes.Should().Equal(bytes);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(1.0)]
    [InlineData(30.0)]
    public void Encode_TakesNearlyTheEntropyOfTheCodes(double spread)
    {
        var tensor = Tensor(ParameterRole.Weight, [100, 100], spread, 6, CodedMode.Even);
        double entropy = tensor.Codes.GroupBy(q => q).Sum(g => -g.Count() * Math.Log2(g.Count() / 10_000.0));
        double bits = 8.0 * CodedStream.Encode([tensor]).Bytes.Length;
        bits.Should().BeLessThan((1.02 * entropy) + 200);
    }

    [Fact]
    public void Steps_AreExactProductsOfAConstantAndAPowerOfTwo()
    {
        for (int e = -CodedStep.Largest; e <= CodedStep.Largest; e += 7)
        {
            float size = new CodedStep(e).Size;
            size.Should().BeApproximately((float)Math.Pow(2, e / 8.0), size * 1e-6f);
            CodedStep.Nearest(size).Exponent.Should().Be(e);
        }

        (new CodedStep(8).Size, new CodedStep(-16).Size).Should().Be((2f, 0.25f));
    }

    [Fact]
    public void Start_IsTheStreamOfSplitMix64()
    {
        // The first outputs of SplitMix64 with the state 0, as Vigna's reference code prints them: e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f.
        float[] numbers = new CodedStart(0, new CodedStep(0)).Numbers(3);
        numbers.Should().Equal((0xe220a8 - 0x800000) / 8388608f, (0x6e789e - 0x800000) / 8388608f, (0x06c45d - 0x800000) / 8388608f);
    }

    [Fact]
    public void EveryTruncationAndEveryBitFlip_IsAnErrorOrTensorsOfTheSameShape()
    {
        CodedTensor[] tensors = [Tensor(ParameterRole.Weight, [9, 8], 6, 7, CodedMode.Even), Tensor(ParameterRole.Bias, [8], 20, 8, CodedMode.Local)];
        (ParameterRole, IReadOnlyList<long>)[] specs = [.. tensors.Select(t => (t.Role, t.Shape))];
        byte[] bytes = CodedStream.Encode(tensors).Bytes;
        for (int i = 0; i < bytes.Length; i++)
        {
            Try(bytes[..i]);
            for (int b = 0; b < 8; b++)
            {
                byte[] changed = [.. bytes];
                changed[i] ^= (byte)(1 << b);
                Try(changed);
            }
        }

        void Try(byte[] damaged)
        {
            try
            {
                CodedStream.Decode(damaged, specs).Tensors.Select(t => t.Codes.Length).Should().Equal(72, 8);
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public void Decode_MoreNumbersThanTheBytesCanHold_IsRefusedBeforeTheyAreMade() =>
        FluentActions.Invoking(() => CodedStream.Decode(new byte[10], [(ParameterRole.Weight, [1 << 15, 1 << 15])])).Should().Throw<FormatException>().WithMessage("*10 coded bytes cannot hold 1073741824 numbers*");

    private static CodedTensor Tensor(ParameterRole role, long[] shape, double spread, int seed, CodedMode mode)
    {
        var random = new Random(seed);
        int[] codes = new int[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (int)Math.Round(spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return new CodedTensor(role, shape, codes, new CodedStep(-37), 0, mode);
    }
}
