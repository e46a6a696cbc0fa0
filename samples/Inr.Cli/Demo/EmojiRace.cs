using System.Globalization;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Meta;

namespace Inr.Cli.Demo;

/// <summary>The second half of the demo: one forward pass of the shipped transformer against gradient descent from scratch, on pictures that it never saw.</summary>
internal sealed class EmojiRace
{
    private const int GradientSteps = 200;
    private const int TestTimeSteps = 10;
    private const double TestTimeRate = 3e-3;

    // Better than the target's own 1e-3 for so few steps on these pictures: the choice favours gradient descent.
    private const double GradientRate = 3e-3;

    // The ridge that the learner was trained with.
    private const double Ridge = 3e-5;

    // A busy machine must not make the demo long: gradient descent stops there, and the table says how far it came.
    private static readonly TimeSpan LongestFit = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly RunContext _context;

    /// <param name="folder">Where the picture goes.</param>
    /// <param name="context">Where to run.</param>
    public EmojiRace(string folder, RunContext context)
    {
        _folder = folder;
        _context = context;
    }

    /// <summary>Runs all contenders on all pictures, prints a table and writes <c>emoji.png</c>.</summary>
    /// <returns>A row for each contender; none where the run was cancelled before a picture was done.</returns>
    public IReadOnlyList<ReportRow> Run()
    {
        var device = _context.Device.Resolve();
        using var learner = MetaLearner.Load(DemoEmoji.LearnerPath, device);
        using var optimized = new TestTimeLearner(learner, new TestTimeOptions
        {
            Steps = TestTimeSteps,
            // As in training: steps improve the other layers, and the last one stays the best for them.
            SolveLinearPart = true,
            Ridge = Ridge,
            LearningRate = TestTimeRate,
        });
        var gradient = new GradientFitter(learner.Target!, new GradientFitterOptions { Steps = GradientSteps, LearningRate = GradientRate, EvaluateEvery = 1, Seed = _context.Seed, Device = device });
        EmojiContender[] contenders =
        [
            new("one forward pass", "one pass", learner),
            new($"and {TestTimeSteps} steps, last layer solved", $"and {TestTimeSteps} steps", optimized),
            new($"{GradientSteps} gradient steps from scratch", "from scratch", gradient),
        ];
        long weights = learner.Weights.Sum(w => w.Tensor.numel());
        _context.Terminal.WriteLine($"A transformer of {Text.Count(weights)} weights writes {Text.Count(learner.Target!.Layout.FloatCount)} floats ({Text.Bytes(4 * learner.Target.Layout.FloatCount)}) for each of {DemoEmoji.Names.Count} emoji ({DemoEmoji.Size}×{DemoEmoji.Size}) that it was not trained on.");

        using (var first = DemoEmoji.Load(DemoEmoji.Names[0]))
        {
            // What starts up with the first call is not the method's time.
            learner.Fit(first).Dispose();
        }

        using var sheet = new EmojiSheet([.. contenders.Select(c => c.Caption)]);
        foreach (string name in DemoEmoji.Names)
        {
            if (_context.Cancellation.IsCancellationRequested)
                break;
            using var picture = DemoEmoji.Load(name);
            sheet.Add(picture, [.. contenders.Select(contender => Fit(contender, picture))]);
        }

        if (sheet.Count == 0)
            return [];
        sheet.Save(Path.Combine(_folder, "emoji.png"));
        _context.Terminal.WriteTable(
            [$"{sheet.Count} emoji", "steps", "ms each", "mean PSNR", "lowest PSNR"],
            contenders.Select(c => (string[])[c.Name, Text.Count(c.Steps.Average()), Text.Milliseconds(c.Seconds.Average()), Text.Decibels(c.Psnrs.Average()), Text.Decibels(c.Psnrs.Min())]));
        ShowCrossing(contenders[0], contenders[^1]);
        return [.. contenders.Select((c, i) => Row(c, learner, isFromScratch: i == contenders.Length - 1))];
    }

    // How much gradient descent it takes to be as good as one forward pass.
    private void ShowCrossing(EmojiContender pass, EmojiContender descent)
    {
        var crossings = pass.Psnrs.Zip(descent.Histories, (psnr, history) => history.FirstOrDefault(h => -10 * Math.Log10(h.Loss) >= psnr, (Step: -1, Loss: 0)).Step).ToArray();
        string effort = crossings.All(step => step >= 0)
            ? string.Create(CultureInfo.InvariantCulture, $"after {crossings.Average():0} steps, {Text.Milliseconds(crossings.Average() / descent.Steps.Average() * descent.Seconds.Average())} ms")
            : $"not within its {descent.Steps.Average():0} steps on {crossings.Count(step => step < 0)} of {crossings.Length} emoji";
        _context.Terminal.WriteLine($"Gradient descent is as good as one forward pass ({Text.Milliseconds(pass.Seconds.Average())} ms) {effort}.");
    }

    private Signal Fit(EmojiContender contender, Signal picture)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_context.Cancellation);
        deadline.CancelAfter(LongestFit);
        using var result = _context.Terminal.Track($"{picture.Name}, {contender.Name}", progress => contender.Fitter.Fit(picture, progress, deadline.Token));
        contender.Seconds.Add(result.Elapsed.TotalSeconds);
        contender.Psnrs.Add(result.Psnr);
        contender.Bits.Add(result.Representation.BitCount);
        contender.Steps.Add(result.Steps);
        contender.Histories.Add(result.History);
        return result.Representation.Render();
    }

    private ReportRow Row(EmojiContender contender, IMetaLearner learner, bool isFromScratch) => new()
    {
        Signal = "emoji",
        Target = learner.Description.Target.Kind,
        Learner = isFromScratch ? null : learner.Description.Kind,
        Floats = learner.Target!.Layout.FloatCount,
        Bits = contender.Bits.Average(),
        BitsPerSample = contender.Bits.Average() / (DemoEmoji.Size * DemoEmoji.Size),
        SharedFloats = isFromScratch ? null : learner.Weights.Sum(w => w.Tensor.numel()),
        Psnr = contender.Psnrs.Average(),
        MaxPsnr = contender.Psnrs.Max(),
        MinPsnr = contender.Psnrs.Min(),
        AdaptSeconds = isFromScratch ? null : contender.Seconds.Average(),
        FitSeconds = isFromScratch ? contender.Seconds.Average() : null,
        Steps = (int)contender.Steps.Average(),
        Device = _context.DeviceName,
        Threads = _context.Threads,
        Seed = _context.Seed,
    };
}
