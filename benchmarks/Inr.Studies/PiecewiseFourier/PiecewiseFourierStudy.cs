using System.Diagnostics;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

/// <summary>Measures the piecewise-indicator Fourier expansion against its null models; prints the tables of docs/piecewise-fourier.md.</summary>
/// <remarks>Every PSNR is that of the rendered grid, unclamped.</remarks>
internal static class PiecewiseFourierStudy
{
    private const string PathName = "PATH";
    private const string FloatsName = "FLOATS";

    /// <summary>What the command line offers.</summary>
    public static Study Study { get; } = new("piecewise-fourier", "Piecewise Fourier against block and global cosines and SIREN: PSNR, time, memory.",
    [
        OfImages("compare", "Every image against the null models.", Compare),
        OfImages("ablation", "What each ingredient brings.", Ablation),
        OfImages("curves", "Straight against curved cuts.", Curves),
        OfImages("families", "The fitted families of partitions.", Families),
        OfImages("scattered", "Half of the pixels, judged on the others, with and without cuts.", Scattered),
        OfImage("speed", "Fit, render and random access.", Speed),
        OfImage("bases", "Families and bases with a fixed layout.", Bases),
        new StudyPart("siren", "The time that SIREN 256×3 takes to the same PSNR.", o => PiecewiseFourierRace.Run(o.Argument("IMAGES").Split(','), o.Integers("SECONDS")[0]))
            .Argument("IMAGES", "Images, separated by commas.").Argument("SECONDS", "When SIREN gives up."),
        new StudyPart("pictures", "Partition and reconstructions as PNG.", o => PiecewiseFourierPictures.Run(o.Argument("IMAGE"), o.Integers(FloatsName)[0], o.Argument("DIR")))
            .Argument("IMAGE", "An image.").Argument(FloatsName, "The float budget.").Argument("DIR", "Where the picture goes."),
    ]);

    private static StudyPart OfImages(string name, string summary, Action<string[], int> run) => OfBudgets(name, summary, (path, budget) => run(Images(path), budget), "An image, or a folder of them.");

    private static StudyPart OfImage(string name, string summary, Action<string, int> run) => OfBudgets(name, summary, run, "An image.");

    private static StudyPart OfBudgets(string name, string summary, Action<string, int> run, string meaning) => new StudyPart(name, summary, o =>
    {
        foreach (int budget in o.Integers(FloatsName))
            run(o.Argument(PathName), budget);
    }).Argument(PathName, meaning).Argument(FloatsName, "Float budgets, separated by commas.");

    private static void Compare(string[] images, int budget)
    {
        Console.WriteLine($"\n{images.Length} images, {budget:N0} floats\n");
        var table = new StudyTable("image", "global-cosine", "block-cosine 8", "block-cosine 16", "piecewise-fourier", "gain over the better block", "leaves", "cut", "floats", "fit s");
        List<double> nulls = [], ours = [], globals = [];
        foreach (var path in images)
        {
            using var image = ImageSignal.Load(path);
            double global = Psnr(image, Null(budget, null, true));
            double eight = Psnr(image, Null(budget, 8, false)), sixteen = Psnr(image, Null(budget, 16, false));
            using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget });
            using var result = fitter.Fit(image);
            double psnr = Psnr(image, result.Representation);
            double best = eight > sixteen || double.IsNaN(sixteen) ? eight : sixteen;
            var layout = result.Representation.Target.Layout;
            long cuts = layout["cuts"].Shape[0], leaves = layout["prefixes"].Shape[0] - cuts;
            table.Add($"{Path.GetFileNameWithoutExtension(path)}", $"{global:F2}", $"{eight:F2}", $"{sixteen:F2}", $"{psnr:F2}", $"{psnr - best:+0.00;-0.00}", $"{leaves}", $"{cuts}", $"{layout.FloatCount}", $"{result.Elapsed.TotalSeconds:F2}");
            nulls.Add(best);
            ours.Add(psnr);
            globals.Add(global);
        }

        var gains = ours.Zip(nulls, (a, b) => a - b).ToArray();
        table.Add("**mean**", $"{globals.Average():F2}", "", $"{nulls.Average():F2} (better of 8, 16)", $"**{ours.Average():F2}**", $"**{gains.Average():+0.00;-0.00}** (least {gains.Min():+0.00;-0.00})", "", "", $"max {ours.Max():F2}", "");
    }

    private static void Ablation(string[] images, int budget)
    {
        (string Name, Func<PiecewiseFourierOptions, PiecewiseFourierOptions> Configure)[] rows =
        [
            ("round order, one prefix, no cuts", o => o with { AdaptiveOrders = false, SingleTerms = false, Cuts = false }),
            ("+ cuts", o => o with { AdaptiveOrders = false, SingleTerms = false }),
            ("round order, single terms, no cuts", o => o with { AdaptiveOrders = false, Cuts = false }),
            ("dictionary of orders, no cuts", o => o with { SingleTerms = false, Cuts = false }),
            ("dictionary and single terms, no cuts", o => o with { Cuts = false }),
            ("everything", o => o),
        ];
        Console.WriteLine($"\n{images.Length} images, {budget:N0} floats\n");
        var table = new StudyTable("model", "mean dB");
        foreach (var (name, configure) in rows)
        {
            var options = configure(new PiecewiseFourierOptions { FloatBudget = budget });
            double sum = 0;
            foreach (var path in images)
            {
                using var image = ImageSignal.Load(path);
                using var fitter = new PiecewiseFourierFitter(options);
                using var result = fitter.Fit(image);
                sum += Psnr(image, result.Representation);
            }

            table.Add($"{name}", $"{sum / images.Length:F2}");
        }
    }

    private static void Curves(string[] images, int budget)
    {
        Console.WriteLine($"\n{images.Length} images, {budget:N0} floats\n");
        var table = new StudyTable("image", "straight cuts, dB", "curved too, dB", "gain", "leaves", "cut", "curved", "straight, fit s", "curved too, fit s");
        List<double> gains = [];
        foreach (var path in images)
        {
            using var image = ImageSignal.Load(path);
            using var straightFitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget });
            using var curvedFitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget, CurvedCuts = true });
            using var straight = straightFitter.Fit(image);
            using var curved = curvedFitter.Fit(image);
            double before = Psnr(image, straight.Representation), after = Psnr(image, curved.Representation);
            var layout = curved.Representation.Target.Layout;
            long cuts = layout["cuts"].Shape[0], leaves = layout["prefixes"].Shape[0] - cuts, bent = layout.Contains("curvatures") ? layout["curvatures"].Shape[0] : 0;
            gains.Add(after - before);
            table.Add($"{Path.GetFileNameWithoutExtension(path)}", $"{before:F2}", $"{after:F2}", $"{after - before:+0.00;-0.00}", $"{leaves}", $"{cuts}", $"{bent}", $"{straight.Elapsed.TotalSeconds:F2}", $"{curved.Elapsed.TotalSeconds:F2}");
        }

        table.Add("**mean**", "", "", $"**{gains.Average():+0.00;-0.00}** (least {gains.Min():+0.00;-0.00})", "", "", "", "", "");
    }

    private static void Families(string[] images, int budget)
    {
        Console.WriteLine($"\n{images.Length} images, {budget:N0} floats\n");
        var table = new StudyTable("image", "family", "sets", "floats of the sets", "floats", "dB", "fit s");
        foreach (var path in images)
        {
            using var image = ImageSignal.Load(path);
            foreach (var kind in (PartitionKind[])[PartitionKind.DyadicTree, PartitionKind.PowerDiagram, PartitionKind.LevelSet, PartitionKind.CutGrid])
            {
                using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget, Partition = kind });
                using var result = fitter.Fit(image);
                IPartitionFamily family = result.Representation.Target is PartitionFourierTarget fitted
                    ? fitted.Partition
                    : ((PiecewiseFourierTarget)result.Representation.Target).PartitionOf(result.Representation.Parameters);
                table.Add($"{Path.GetFileNameWithoutExtension(path)}", $"{kind}", $"{result.Representation.Parameters["prefixes"].shape[0]}", $"{family.FloatCount}", $"{result.Representation.FloatCount}", $"{Psnr(image, result.Representation):F2}", $"{result.Elapsed.TotalSeconds:F1}");
            }
        }
    }

    private static void Scattered(string[] images, int budget)
    {
        const int Side = 128;
        Console.WriteLine($"\n{images.Length} images at {Side}×{Side}, half of the pixels, {budget:N0} floats\n");
        var table = new StudyTable("image", "uncut, held-out dB", "cuts allowed, held-out dB", "gain", "leaves", "cut", "fit s");
        List<double> gains = [];
        foreach (var path in images)
        {
            using var image = ImageSignal.Load(path, new ImageLoadOptions { Size = new ImageSize(Side, Side), CenterCrop = true });
            var (context, query) = image.Split(0.5, seed: 0);
            using (context)
            using (query)
            {
                FitResult Fit(bool cuts)
                {
                    using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget, SampleGrid = [Side, Side], Cuts = cuts });
                    return fitter.Fit(context);
                }

                double HeldOut(FitResult result)
                {
                    using var scope = torch.NewDisposeScope();
                    var predicted = result.Representation.Evaluate(query.Coordinates);
                    return -10 * Math.Log10((predicted - query.Values).to(torch.ScalarType.Float64).square().mean().item<double>());
                }

                using var uncut = Fit(false);
                using var cut = Fit(true);
                double before = HeldOut(uncut), after = HeldOut(cut);
                var layout = cut.Representation.Target.Layout;
                long cuts = layout["cuts"].Shape[0];
                gains.Add(after - before);
                table.Add($"{Path.GetFileNameWithoutExtension(path)}", $"{before:F2}", $"{after:F2}", $"{after - before:+0.00;-0.00}", $"{layout["prefixes"].Shape[0] - cuts}", $"{cuts}", $"{cut.Elapsed.TotalSeconds:F1}");
            }
        }

        table.Add("**mean**", "", "", $"**{gains.Average():+0.00;-0.00}** (least {gains.Min():+0.00;-0.00})", "", "", "");
    }

    private static void Speed(string path, int budget)
    {
        const int Points = 1_000_000, Repeats = 7;
        using var image = ImageSignal.Load(path);
        using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget });
        double first = Seconds(() => fitter.Fit(image).Dispose());
        double fit = Enumerable.Range(0, 3).Min(_ => Seconds(() => fitter.Fit(image).Dispose()));
        using var result = fitter.Fit(image);
        var representation = result.Representation;
        int[] shape = [.. image.Domain.GridShape];
        double render = Enumerable.Range(0, Repeats).Min(_ => Seconds(() => representation.Function.Render(shape).Dispose()));
        double signal = Enumerable.Range(0, Repeats).Min(_ => Seconds(() => representation.Render().Dispose()));
        using var generator = new torch.Generator(0);
        using var points = (torch.rand(Points, image.InputDimension, generator: generator) * 2) - 1;
        double access = Enumerable.Range(0, Repeats).Min(_ => Seconds(() => representation.Evaluate(points).Dispose()));
        using var process = Process.GetCurrentProcess();
        var table = new StudyTable("image", "floats", "dB", "first fit s", "fit s", "render ms", "Render() ms", "random access, M points/s", "peak memory of the process, MB");
        table.Add($"{Path.GetFileName(path)}", $"{representation.FloatCount}", $"{Psnr(image, representation):F2}", $"{first:F2}", $"{fit:F2}", $"{render * 1e3:F1}", $"{signal * 1e3:F1}", $"{Points / access / 1e6:F1}", $"{process.PeakWorkingSet64 / 1e6:F0}");
    }

    // One solve of the coefficients for fixed, regular sets: what the basis and the shape of the sets do on their own.
    private static void Bases(string path, int budget)
    {
        const int Side = 128, Cells = 8;
        using var image = ImageSignal.Load(path, new ImageLoadOptions { Size = new ImageSize(Side, Side), CenterCrop = true });
        Console.WriteLine($"\n{Path.GetFileName(path)} at {Side}×{Side}, about {budget:N0} floats, coefficients by least squares\n");
        var table = new StudyTable("sets", "functions", "floats", "dB");
        (string Sets, string Functions, CellFourierOptions Options)[] rows =
        [
            ("8×8 cells, uncut", "cosine, tight box", new() { Cells = Cells, Basis = FourierBasis.Cosine }),
            ("8×8 cells, uncut", "real Fourier, 1.25 box", new() { Cells = Cells, Basis = FourierBasis.Fourier, ExtensionFactor = 1.25 }),
            ("8×8 cells, uncut", "real Fourier, 2 boxes", new() { Cells = Cells, Basis = FourierBasis.Fourier, ExtensionFactor = 2 }),
            ("8×8 cells, uncut", "real Fourier, 1 box (periodic)", new() { Cells = Cells, Basis = FourierBasis.Fourier, ExtensionFactor = 1 }),
            ("8×8 cells, uncut", "literal e^{iw·x}, w ∈ Z_+²", new() { Cells = Cells, Basis = FourierBasis.ComplexExponential }),
            ("64 Voronoi cells", "cosine, wide box", new() { Partition = PartitionKind.PowerDiagram, Cells = Cells * Cells, Basis = FourierBasis.Cosine }),
        ];
        foreach (var (sets, functions, options) in rows)
        {
            bool uncut = options.Partition == PartitionKind.CutGrid;
            int perRegion = (budget - (uncut ? 0 : 3 * Cells * Cells)) / (Cells * Cells * image.Channels);
            var target = new CellFourierTarget(image.InputDimension, image.Channels, options with { Terms = perRegion, IndicatorWidth = 0 });
            using var scope = torch.NewDisposeScope();
            using var generator = new torch.Generator(1);
            var theta = target.Initialize(generator);
            if (uncut)
            {
                // A cut outside every cell leaves one region a cell; the other holds nothing and is not counted.
                theta["cuts"].zero_().select(1, image.InputDimension - 1).fill_(-10);
            }

            var solved = target.SolveLinear(theta, image.Coordinates, image.Values, ridge: 1e-8);
            double psnr = -10 * Math.Log10((target.Evaluate(solved, image.Coordinates) - image.Values).to(torch.ScalarType.Float64).square().mean().item<double>());
            int floats = (perRegion * Cells * Cells * image.Channels) + (uncut ? 0 : 3 * Cells * Cells);
            table.Add($"{sets}", $"{functions}", $"{floats}", $"{psnr:F2}");
        }
    }

    private static BlockCosineFitter Null(int budget, int? side, bool global) =>
        new(new BlockCosineOptions { FloatBudget = budget, BlockSide = side, Global = global });

    private static double Psnr(Signal image, BlockCosineFitter fitter)
    {
        using (fitter)
        {
            try
            {
                using var result = fitter.Fit(image);
                return Psnr(image, result.Representation);
            }
            catch (ArgumentException)
            {
                // The prefix lengths alone exceed the budget.
                return double.NaN;
            }
        }
    }

    internal static double Psnr(Signal image, ImplicitRepresentation representation)
    {
        using var scope = torch.NewDisposeScope();
        using var rendered = representation.Render();
        return -10 * Math.Log10((rendered.Values - image.Values).to(torch.ScalarType.Float64).square().mean().item<double>());
    }

    private static double Seconds(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private static string[] Images(string path) =>
        File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(path).Where(f => Path.GetExtension(f) is ".png" or ".jpg").Order(StringComparer.Ordinal)];
}
