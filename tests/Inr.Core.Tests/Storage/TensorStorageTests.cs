using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>Each kind of storage: what it decodes to, and what it counts, against definitions.</summary>
public sealed class TensorStorageTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 32)]
    [InlineData(ScalarType.Float64, 64)]
    public void Dense_IsTheTensor(ScalarType type, int bits)
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(3, 5).to(type);
        using var storage = TensorStorage.Dense(numbers);
        Same(storage.Decode(), numbers);
        (storage.Kind, storage.NumbersStored, storage.BitsStored, storage.ScalarType).Should().Be(("dense", 15, 15 * bits, type));
        // The same memory: a representation in plain numbers takes no more than its parameters.
        numbers[1, 2] = 9;
        storage.Decode()[1, 2].to(float64).item<double>().Should().Be(9);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Half_RoundsToSixteenBits(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(3, 5);
        using var storage = TensorStorage.Half(numbers, type);
        Same(storage.Decode(), numbers.to(type).to(ScalarType.Float32));
        (storage.NumbersStored, storage.BitsStored).Should().Be((15, 15 * 16));
    }

    [Fact]
    public void Half_NumberTooLarge_IsRefused()
    {
        using var scope = NewDisposeScope();
        var large = tensor(new[] { 1f, 70_000f });
        FluentActions.Invoking(() => TensorStorage.Half(large)).Should().Throw<ArgumentException>().WithMessage("*too large for Float16*BFloat16*");
        TensorStorage.Half(large, ScalarType.BFloat16).Dispose();
        FluentActions.Invoking(() => TensorStorage.Half(large, ScalarType.Int16)).Should().Throw<ArgumentException>().WithMessage("*not Int16*");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void Masked_KeepsWhereTheMaskIsSet(double share)
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(7, 11);
        using var generator = new Generator(3);
        var mask = rand([7, 11], generator: generator).lt(share);
        long kept = mask.sum().item<long>();
        using var storage = TensorStorage.Masked(numbers, mask);
        Same(storage.Decode(), numbers * mask.to(ScalarType.Float32));
        // 77 bits are three words of 32; a mask that repeats itself takes fewer.
        long bits = storage.BitsStored - (32 * kept);
        bits.Should().BeInRange(share is 0 or 1 ? 1 : 40, share is 0 or 1 ? 40 : 77);
        storage.NumbersStored.Should().Be(((bits + 31) / 32) + kept);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.1)]
    [InlineData(0.02)]
    public void Masked_OfAFew_TakesWhatTheirPositionsCost(double share)
    {
        const int Count = 40_000;
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var mask = rand([200, 200], generator: generator).lt(share);
        var numbers = randn([200, 200], generator: generator);
        double kept = mask.sum().item<long>();
        using var storage = TensorStorage.Masked(numbers, mask);
        double p = kept / Count, entropy = -Count * ((p * Math.Log2(p)) + ((1 - p) * Math.Log2(1 - p)));
        (storage.BitsStored - (32 * kept)).Should().BeInRange(entropy * 0.99, (entropy * 1.05) + 64);
        Same(storage.Decode(), numbers * mask.to(ScalarType.Float32));
        var parts = storage.Encode();
        using var read = StorageRegistry.Read(storage.Kind, [200, 200], parts);
        Same(read.Decode(), storage.Decode());
    }

    [Fact]
    public void Masked_OnAnyOtherStorage_Composes()
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(9, 10);
        var mask = numbers.gt(0);
        long kept = mask.sum().item<long>();
        foreach (var inner in (Func<Tensor, TensorStorage>[])[t => TensorStorage.Half(t), t => TensorStorage.Quantized(t, 6), t => TensorStorage.EntropyCoded(t, 6)])
        {
            using var storage = TensorStorage.Masked(numbers, mask, inner);
            using var values = inner(numbers[mask]);
            Same(storage.Decode()[mask], values.Decode());
            storage.Decode()[mask.logical_not()].abs().sum().item<float>().Should().Be(0);
            (storage.BitsStored - values.BitsStored).Should().BeInRange(60, 90);
        }

        FluentActions.Invoking(() => TensorStorage.Masked(numbers, mask, t => TensorStorage.Dense(t.reshape(1, -1)))).Should().Throw<ArgumentException>().WithMessage($"*[{kept}]*[1,{kept}]*");
    }

    [Fact]
    public void Masked_MaskThatDoesNotFit_IsRefused()
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(2, 3);
        FluentActions.Invoking(() => TensorStorage.Masked(numbers, ones([2, 2], ScalarType.Bool))).Should().Throw<ArgumentException>().WithMessage("*[2,3]*[2,2]*");
        FluentActions.Invoking(() => TensorStorage.Masked(numbers, ones([2, 3]))).Should().Throw<ArgumentException>().WithMessage("*Bool*Float32*");
    }

    public static TheoryData<int> Bits => [.. Enumerable.Range(1, 16)];

    [Theory, MemberData(nameof(Bits))]
    public void Quantized_GoesToTheNearestLevel(int bits)
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(13, 9);
        var quantizer = UniformQuantizer.Covering(numbers, bits);
        using var storage = TensorStorage.Quantized(numbers, bits);
        var decoded = storage.Decode();
        decoded.dtype.Should().Be(ScalarType.Float32);
        (decoded - numbers).abs().max().item<float>().Should().BeLessThanOrEqualTo((quantizer.Step * 0.5f) + 1e-6f);
        // Codes, step and offset.
        (storage.NumbersStored, storage.BitsStored).Should().Be((117 + 2, (117 * bits) + 64));
        using var coded = TensorStorage.EntropyCoded(numbers, bits);
        Same(coded.Decode(), decoded);
        coded.NumbersStored.Should().Be(117 + 2);
    }

    [Theory, MemberData(nameof(Bits))]
    public void Quantized_AnyCodes_DecodeToTheirLevels(int bits)
    {
        using var scope = NewDisposeScope();
        foreach (var quantizer in (UniformQuantizer[])[new(bits, 0.37f, -2.5f), new(bits, 0.37f)])
        {
            (quantizer.Highest - quantizer.Lowest).Should().Be((1 << bits) - 1);
            var random = new Random(bits);
            int[] codes = [quantizer.Lowest, quantizer.Highest, .. Enumerable.Range(0, 500).Select(_ => random.Next(quantizer.Lowest, quantizer.Highest + 1))];
            float[] levels = [.. codes.Select(q => (float)((double)(quantizer.Offset ?? 0) + ((double)quantizer.Step * q)))];
            using var storage = TensorStorage.Quantized([codes.Length], codes, quantizer);
            using var coded = TensorStorage.EntropyCoded([codes.Length], codes, quantizer);
            storage.Decode().data<float>().ToArray().Should().Equal(levels);
            coded.Decode().data<float>().ToArray().Should().Equal(levels);
            long stored = quantizer.Offset is null ? 1 : 2;
            storage.BitsStored.Should().Be((502 * bits) + (32 * stored));
            // The bytes of the parts are the bits, up to the padding of the last byte.
            Bytes(storage).Should().Be((((502 * bits) + 7) / 8) + (4 * stored));
            (8 * Bytes(coded)).Should().Be(coded.BitsStored);
        }
    }

    [Fact]
    public void Quantized_Symmetric_KeepsZero()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { -0.3f, 0, 1.7f, 0 });
        using var storage = TensorStorage.Quantized(numbers, UniformQuantizer.Symmetric(numbers, 4));
        var decoded = storage.Decode();
        decoded[1].item<float>().Should().Be(0);
        decoded[2].item<float>().Should().BeApproximately(1.7f, 1e-6f);
        storage.NumbersStored.Should().Be(4 + 1);
    }

    [Fact]
    public void Quantized_NumbersThatAreAllTheSame_AreExact()
    {
        using var scope = NewDisposeScope();
        using var storage = TensorStorage.Quantized(full([5], 0.125f), 3);
        Same(storage.Decode(), full([5], 0.125f));
        using var nothing = TensorStorage.EntropyCoded(zeros(0, 4), 3);
        nothing.Decode().shape.Should().Equal(0, 4);
        nothing.BitsStored.Should().Be(64);
    }

    [Theory]
    [InlineData(0, 1f, 0f)]
    [InlineData(17, 1f, 0f)]
    [InlineData(8, 0f, 0f)]
    [InlineData(8, -1f, 0f)]
    [InlineData(8, float.NaN, 0f)]
    [InlineData(8, float.PositiveInfinity, 0f)]
    [InlineData(8, 1f, float.NaN)]
    [InlineData(8, 3e38f, 0f)]
    public void Quantizer_ThatIsNone_IsRefused(int bits, float step, float offset) =>
        FluentActions.Invoking(() => new UniformQuantizer(bits, step, offset)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Quantized_WrongCodesOrNumbers_AreRefused()
    {
        using var scope = NewDisposeScope();
        var quantizer = new UniformQuantizer(3, 1f, 0f);
        FluentActions.Invoking(() => TensorStorage.Quantized([2, 2], [1, 2, 3], quantizer)).Should().Throw<ArgumentException>().WithMessage("*3 codes*[2,2] has 4*");
        FluentActions.Invoking(() => TensorStorage.EntropyCoded([2], [1, 8], quantizer)).Should().Throw<ArgumentException>().WithMessage("*code 8*from 0 to 7*");
        FluentActions.Invoking(() => TensorStorage.Quantized(tensor(new[] { 1f, float.NaN }), 8)).Should().Throw<ArgumentException>().WithMessage("*NaN*");
        FluentActions.Invoking(() => TensorStorage.Quantized(arange(3), 8)).Should().Throw<ArgumentException>().WithMessage("*floating-point*Int64*");
        FluentActions.Invoking(() => TensorStorage.Quantized(zeros(3), 17)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Decode_LeavesNoTensorBehind_AndStopsAfterDispose()
    {
        Testing.LiveTensors.ShouldStayFlat(() =>
        {
            using var numbers = Numbers(6, 7);
            using var mask = numbers.gt(0);
            using var storage = TensorStorage.Masked(numbers, mask, t => TensorStorage.Half(t));
            storage.Decode().Dispose();
            using var _ = NewDisposeScope();
            storage.Encode();
        });
        using var all = Numbers(2, 2);
        var disposed = TensorStorage.Dense(all);
        disposed.Dispose();
        disposed.Invoking(s => s.Decode()).Should().Throw<ObjectDisposedException>();
        all[0, 0].item<float>().Should().NotBe(float.NaN, "the caller keeps the tensor");
    }

    private static long Bytes(TensorStorage storage)
    {
        using var scope = NewDisposeScope();
        var parts = storage.Encode();
        return parts.Names.Sum(n => parts.Take(n).numel() * parts.Take(n).element_size());
    }

    private static Tensor Numbers(params long[] shape)
    {
        using var generator = new Generator(1);
        return randn(shape, generator: generator);
    }

    private static void Same(Tensor actual, Tensor expected)
    {
        actual.shape.Should().Equal(expected.shape);
        actual.dtype.Should().Be(expected.dtype);
        actual.eq(expected).all().item<bool>().Should().BeTrue();
    }
}
