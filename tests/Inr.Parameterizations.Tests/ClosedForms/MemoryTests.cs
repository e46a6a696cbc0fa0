using Inr.Parameterizations.PiecewiseFourier;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>Closed forms take a bounded multiple of the signal, keep bounded tables, and say beforehand what does not fit.</summary>
public sealed class MemoryTests
{
    // What all threads allocate over a fit, for a picture of 1024×1024: with garbage, so a bound from above.
    [Theory]
    [InlineData("block", 15)]
    [InlineData("global", 6)]
    [InlineData("piecewise", 90)]
    public void Fit_OfAMegapixel_AllocatesAFewTimesTheSignal(string kind, int times)
    {
        using var picture = FitterContract.TestImage(1024, 1024);
        using ISignalFitter fitter = kind switch
        {
            "piecewise" => new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = 20_000, Threads = 2 }),
            _ => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = kind == "block" ? 60_000 : 20_000, Global = kind == "global" }),
        };
        using var small = FitterContract.TestImage(64, 64);
        fitter.Fit(small).Dispose();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        fitter.Fit(picture).Dispose();
        double share = (GC.GetTotalAllocatedBytes(precise: true) - before) / (picture.Values.numel() * 4.0);
        share.Should().BeLessThan(times);
    }

    [Fact]
    public void Need_ThatDoesNotFit_IsRefusedWithWhatToDo()
    {
        var need = MemoryNeed.OfGrid([4000, 6000], 3, new PiecewiseSearchOptions(2, 64, true, true, true, false, 16, 2), 2);
        need.Bytes.Should().BeInRange(1e9, 4e9);
        ((Action)(() => need.Require("A fit of this", "Use less.", free: 1e9))).Should().Throw<InrException>()
            .WithMessage("A fit of this needs about *.? GB of memory beside the signal, and 1.0 GB are free. Use less.");
        need.Invoking(n => n.Require("A fit of this", "Use less.", free: 5e9)).Should().NotThrow();
    }

    [Theory]
    [InlineData(new[] { 4096, 4096 }, 3, 4)]
    [InlineData(new[] { 26_460_000 }, 1, 4)]
    [InlineData(new[] { 26_460_000 }, 2, 4)]
    public void Need_OfAGlobalCosine_IsAFewTimesTheSignal(int[] shape, int channels, double times)
    {
        double floats = 4.0 * channels * shape.Aggregate(1.0, (p, n) => p * n);
        MemoryNeed.OfGlobalCosine(shape, channels, 60_000).Bytes.Should().BeLessThan(times * floats);
    }

    // Scratch memory of a million threads would take terabytes: said before anything is allocated.
    [Fact]
    public void Fit_OfWhatCannotFit_IsRefused()
    {
        var options = new PiecewiseSearchOptions(1, 1 << 15, true, true, true, false, 16, 64);
        using var sound = Signal.FromGrid(new float[40_000], [40_000], 1);
        ((Action)(() => _ = new GridFit(sound, options with { MaxSide = 1 << 16 }, 0, false, 1000, new FitMonitor(1 << 20)))).Should().Throw<InrException>()
            .WithMessage("*needs about*smaller signal*");
    }

    [Fact]
    public void NativeBuffer_ChecksItsEnds()
    {
        var buffer = new NativeBuffer<double>(10);
        buffer.Span(0, 10).Fill(3);
        buffer[9].Should().Be(3);
        ((Action)(() => buffer.Span(5, 6))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => buffer.Span(-1, 2))).Should().Throw<ArgumentOutOfRangeException>();
        buffer.Dispose();
        ((Action)(() => buffer.Span(0, 1))).Should().Throw<ObjectDisposedException>();
    }
}
