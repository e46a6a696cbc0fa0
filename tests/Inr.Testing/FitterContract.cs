namespace Inr.Testing;

/// <summary>What every <see cref="ISignalFitter"/> promises. A fitter joins with one row in the table of its test project.</summary>
public static class FitterContract
{
    /// <summary>A small image with a smooth part and an edge, values in [0,1].</summary>
    public static Signal TestImage(int height = 12, int width = 16, int channels = 3)
    {
        using var scope = NewDisposeScope();
        var grid = CoordinateGrid.Create([height, width]);
        var y = grid.select(1, 0);
        var x = grid.select(1, 1);
        var smooth = 0.5 + 0.25 * (2.2 * x + 0.7 * y).sin();
        var edge = (x + 0.6 * y > 0.13).to(float32) * 0.2;
        var values = stack(Enumerable.Range(0, channels).Select(c => smooth * (1 - 0.2 * c) + edge).ToArray(), 1);
        var image = Signal.OnGrid(values, SignalDomain.Grid(height, width), "test image", new SampleFormat(16));
        // A small grid keeps its coordinates once somebody asked: here, so that counts of live tensors start with them.
        _ = image.Coordinates;
        return image;
    }

    /// <summary>The fit reaches a PSNR, and what the result says of itself is what an evaluation finds.</summary>
    public static void ReachesPsnr(ISignalFitter fitter, double psnr)
    {
        using var image = TestImage();
        using var result = fitter.Fit(image);
        result.Psnr.Should().BeGreaterThan(psnr);
        using var scope = NewDisposeScope();
        var values = result.Representation.Evaluate(image.Coordinates);
        double error = (values - image.Values).to(float64).square().mean().item<double>();
        error.Should().BeApproximately(result.Loss, 1e-4 * result.Loss + 1e-9, "the reported loss is that of the returned parameters");
        result.Representation.Domain.Should().Be(image.Domain);
        result.Representation.Format.Should().Be(image.Format, "renders are written as fine as their source");
        result.Message.Should().NotBeEmpty();
    }

    /// <summary>The signal stays as it is.</summary>
    public static void SignalUntouched(ISignalFitter fitter)
    {
        using var image = TestImage();
        using var values = image.Values.clone();
        using var coordinates = image.Coordinates.clone();
        fitter.Fit(image).Dispose();
        Close.ShouldBeSame(image.Values, values);
        Close.ShouldBeSame(image.Coordinates, coordinates);
    }

    /// <summary>The same fit twice gives the same bits.</summary>
    public static void Deterministic(ISignalFitter fitter)
    {
        using var image = TestImage();
        using var a = fitter.Fit(image);
        using var b = fitter.Fit(image);
        ShouldBeSame(a.Representation.Parameters, b.Representation.Parameters);
    }

    /// <summary>Fits on two threads at once give the bits that fits alone give.</summary>
    public static void ThreadsDoNotDisturb(ISignalFitter fitter)
    {
        using var image = TestImage();
        using var other = TestImage(10, 11);
        using var alone = fitter.Fit(image);
        using var otherAlone = fitter.Fit(other);
        FitResult[] results = new FitResult[4];
        OwnThreads.Run(4, i =>
        {
            // The number of OpenMP threads belongs to the calling thread; equal bits need one.
            set_num_threads(1);
            results[i] = fitter.Fit(i % 2 == 0 ? image : other);
        });
        for (int i = 0; i < 4; i++)
        {
            ShouldBeSame(results[i].Representation.Parameters, (i % 2 == 0 ? alone : otherAlone).Representation.Parameters);
            results[i].Dispose();
        }
    }

    /// <summary>Saved and loaded, the representation gives the same bits.</summary>
    public static void SaveLoadExact(ISignalFitter fitter)
    {
        using var image = TestImage();
        using var result = fitter.Fit(image);
        using var stream = new MemoryStream();
        result.Representation.Save(stream);
        stream.Position = 0;
        using var loaded = ImplicitRepresentation.Load(stream);
        loaded.FloatCount.Should().Be(result.Representation.FloatCount);
        loaded.Domain.Should().Be(image.Domain);
        ShouldBeSame(loaded.Parameters, result.Representation.Parameters);
        using var a = loaded.Render();
        using var b = result.Representation.Render();
        Close.ShouldBeSame(a.Values, b.Values);
    }

    /// <summary>A fit that is cancelled at once still returns a usable result.</summary>
    public static void CancelReturnsBestSoFar(ISignalFitter fitter)
    {
        using var image = TestImage();
        using var source = new CancellationTokenSource();
        source.Cancel();
        using var result = fitter.Fit(image, cancellationToken: source.Token);
        using var rendered = result.Representation.Render();
        rendered.SampleCount.Should().Be(image.SampleCount);
    }

    /// <summary>A signal of other dimensions is refused.</summary>
    public static void WrongSignalRefused(ISignalFitter fitter)
    {
        using var sound = Signal.FromGrid(new float[32], [32], 1);
        ((Action)(() => fitter.Fit(sound))).Should().Throw<ArgumentException>();
    }

    /// <summary>Fits leave no tensor behind.</summary>
    public static void NoTensorLeft(ISignalFitter fitter)
    {
        using var image = TestImage();
        LiveTensors.ShouldStayFlat(() => fitter.Fit(image).Dispose(), runs: 3);
    }

    private static void ShouldBeSame(ParameterSet a, ParameterSet b)
    {
        a.Layout.IsCompatibleWith(b.Layout).Should().BeTrue();
        for (int i = 0; i < a.Layout.Count; i++)
            Close.ShouldBeSame(a[i], b[i], a.Layout[i].Name);
    }
}
