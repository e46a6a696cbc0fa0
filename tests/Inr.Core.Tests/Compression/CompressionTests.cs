using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>Compression of an affine function, of which everything is known in closed form.</summary>
public sealed class CompressionTests
{
    public CompressionTests() => AffineTarget.Register();

    [Fact]
    public void Sensitivity_OfAnAffineFunction_IsTheMeanSquareOfItsInputs()
    {
        using var scope = NewDisposeScope();
        var target = new AffineTarget(2, 3);
        using var representation = Affine(target, 20);
        using var signal = representation.Render();
        var h = Sensitivity.Of(target, representation.Parameters, signal, 400, 0, default);
        // ∂f_k/∂W_kj = x_j and ∂f_k/∂b_k = 1, for one of the three values each.
        double y = signal.Coordinates[TensorIndex.Colon, 0].pow(2).mean().item<float>(), x = signal.Coordinates[TensorIndex.Colon, 1].pow(2).mean().item<float>();
        for (int k = 0; k < 3; k++)
        {
            h[0]![2 * k].Should().BeApproximately((float)(y / 3), 0.05f);
            h[0]![(2 * k) + 1].Should().BeApproximately((float)(x / 3), 0.05f);
            h[1]![k].Should().BeApproximately(1 / 3f, 0.1f);
        }

        h[2].Should().BeNull();
    }

    [Fact]
    public void Compress_ComesBackFromItsBytesBitForBit_AndKeepsStructures()
    {
        using var scope = NewDisposeScope();
        using var source = Affine(new AffineTarget(2, 3), 16);
        using var coded = source.Compress(new CompressionOptions { Psnr = 60 });
        byte[] bytes = Saved(coded);
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(bytes));
        foreach (var (a, b) in loaded.Parameters.Tensors.Zip(coded.Parameters.Tensors))
            a.bytes.ToArray().Should().Equal(b.bytes.ToArray());
        loaded.Parameters["code"].data<float>().ToArray().Should().Equal(16_777_215f, -3f);
        (loaded.BitCount, loaded.FloatCount).Should().Be((coded.BitCount, coded.FloatCount));
        Saved(loaded).Should().Equal(bytes);
        using var before = source.Render();
        using var after = loaded.Render();
        Psnr.Of(before.Values, after.Values).Should().BeGreaterThan(60);
        // Nine numbers of ten bits, two whole numbers and a head: where an .inr file of plain numbers takes six hundred bytes.
        bytes.Length.Should().BeLessThan(110);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(9)]
    public void BitsPerWeight_AreNotExceeded_AndUsed(double bits)
    {
        using var source = Affine(new AffineTarget(8, 60));
        using var coded = source.Compress(new CompressionOptions { BitsPerWeight = bits });
        (coded.BitCount / (double)coded.Target.Layout.FloatCount).Should().BeInRange(bits - 0.5, bits);
    }

    [Fact]
    public void FileBytes_AreNotExceeded_AndTheSmallestIsSaid()
    {
        using var source = Affine(new AffineTarget(8, 60));
        using var coded = source.Compress(new CompressionOptions { FileBytes = 600 });
        Saved(coded).Length.Should().BeInRange(500, 600);
        source.Invoking(s => s.Compress(new CompressionOptions { FileBytes = 20 })).Should().Throw<InrException>().WithMessage("*the smallest has*bytes*");
    }

    [Fact]
    public void LossDecibels_AreJudgedAgainstTheSignal()
    {
        using var scope = NewDisposeScope();
        using var source = Affine(new AffineTarget(2, 3), 32);
        using var exact = source.Render();
        using var signal = exact.WithValues(exact.Values + (0.05f * rand(exact.Values.shape, generator: new Generator(1))));
        using var coded = source.Compress(new CompressionOptions { LossDecibels = 0.5, TuningSteps = 0 }, signal);
        using var after = coded.Render();
        (Psnr.Of(signal.Values, exact.Values) - Psnr.Of(signal.Values, after.Values)).Should().BeInRange(0, 0.5);
    }

    [Fact]
    public void Tuning_IsNearerToTheSignalThanRoundingAlone()
    {
        using var scope = NewDisposeScope();
        using var source = Affine(new AffineTarget(2, 3), 32);
        using var signal = source.Render();
        double Error(int steps)
        {
            using var coded = source.Compress(new CompressionOptions { BitsPerWeight = 8, TuningSteps = steps }, signal);
            using var after = coded.Render();
            return (after.Values - signal.Values).pow(2).mean().item<float>();
        }

        Error(300).Should().BeLessThanOrEqualTo(Error(0));
    }

    [Fact]
    public void ExactZerosOfAPrunedTensor_Stay()
    {
        using var scope = NewDisposeScope();
        var target = new AffineTarget(8, 60);
        using var whole = Affine(target);
        var mask = rand([60, 8], generator: new Generator(4)).lt(0.2);
        using var pruned = whole.WithStorage((spec, t) => spec.Name == "weight" ? TensorStorage.Masked(t, mask) : TensorStorage.Dense(t));
        using var coded = pruned.Compress(new CompressionOptions { Psnr = 45 });
        coded.Parameters["weight"].masked_select(mask.logical_not()).abs().max().item<float>().Should().Be(0);
        using var dense = whole.Compress(new CompressionOptions { Psnr = 45 });
        coded.BitCount.Should().BeLessThan(dense.BitCount / 2);
    }

    [Fact]
    public void ASeededStart_CostsNothingWhereNothingMoved()
    {
        using var scope = NewDisposeScope();
        var target = new AffineTarget(8, 60);
        using var source = new ImplicitRepresentation(target, SeededStart.Draw(target, 5), SignalDomain.Scattered(8));
        using var coded = source.Compress(new CompressionOptions { Psnr = 60, StartSeed = 5 });
        coded.Parameters["weight"].data<float>().ToArray().Should().Equal(source.Parameters["weight"].data<float>().ToArray());
        Saved(coded).Length.Should().BeLessThan(60);
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(Saved(coded)));
        loaded.Parameters["weight"].data<float>().ToArray().Should().Equal(source.Parameters["weight"].data<float>().ToArray());
    }

    [Fact]
    public void APartOfAStream_IsKeptAloneInAFileOfOtherKinds()
    {
        using var scope = NewDisposeScope();
        using var source = Affine(new AffineTarget(2, 3), 16);
        using var coded = source.Compress(new CompressionOptions { Psnr = 50 });
        using var mixed = new ImplicitRepresentation(coded.Target, new StoredParameters(coded.Target.Layout, [coded.Stored[0], TensorStorage.Dense(coded.Parameters[1]), coded.Stored[2]]), coded.Domain);
        byte[] bytes = Saved(mixed);
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(bytes));
        loaded.Stored.Select(s => s.Kind).Should().Equal("coded", "dense", "coded");
        foreach (var (a, b) in loaded.Parameters.Tensors.Zip(coded.Parameters.Tensors))
            a.bytes.ToArray().Should().Equal(b.bytes.ToArray());
    }

    [Fact]
    public void EveryTruncationAndEveryBitFlipOfAFile_IsAnErrorOrAFunctionOfTheSameShape()
    {
        using var source = Affine(new AffineTarget(2, 3), 16);
        using var coded = source.Compress(new CompressionOptions { Psnr = 50 });
        byte[] bytes = Saved(coded);
        int errors = 0, loads = 0;
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

        loads.Should().Be(0, "a check sum of 16 bits finds every single change");
        errors.Should().Be(9 * bytes.Length);

        void Try(byte[] damaged)
        {
            try
            {
                using var loaded = ImplicitRepresentation.Load(new MemoryStream(damaged));
                loads++;
            }
            catch (InrFileException)
            {
                errors++;
            }
        }
    }

    [Fact]
    public void WhatMakesNoSense_IsRefused()
    {
        using var source = Affine(new AffineTarget(2, 3), 8);
        source.Invoking(s => s.Compress(new CompressionOptions { Psnr = 40, FileBytes = 100 })).Should().Throw<OptionsValidationException>().WithMessage("*only one*");
        source.Invoking(s => s.Compress(new CompressionOptions { LossDecibels = 0.1 })).Should().Throw<ArgumentException>().WithMessage("*need the signal*");
        source.Invoking(s => s.Compress(new CompressionOptions { BitsPerWeight = 99 })).Should().Throw<OptionsValidationException>().WithMessage("*BitsPerWeight*");
        using var other = Affine(new AffineTarget(2, 1), 8);
        using var signal = other.Render();
        source.Invoking(s => s.Compress(null, signal)).Should().Throw<ArgumentException>().WithMessage("*is none of a function of 2 coordinates with 3 values*");
    }

    // Of many coordinates where no grid is asked for.
    private static ImplicitRepresentation Affine(AffineTarget target, int? side = null) =>
        new(target, target.Initialize(), side is { } n ? SignalDomain.Grid([.. Enumerable.Repeat(n, target.InputDimension)]) : SignalDomain.Scattered(target.InputDimension));

    private static byte[] Saved(ImplicitRepresentation representation)
    {
        using var stream = new MemoryStream();
        representation.Save(stream);
        return stream.ToArray();
    }
}
