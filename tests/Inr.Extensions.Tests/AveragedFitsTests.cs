using Inr.Meta;

namespace Inr.Examples;

/// <summary>A meta-learner and a kind of signal of somebody else: trained on a folder, saved, loaded, better than a fresh start.</summary>
public sealed class AveragedFitsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-extensions").FullName;

    public AveragedFitsTests()
    {
        PolynomialTarget.Register();
        AveragedFitsRegistration.Register();
        for (int i = 0; i < 4; i++)
            File.WriteAllLines(Path.Combine(_folder, $"{i}.csv"), Enumerable.Range(0, 20).Select(k => Line(k / 10.0 - 0.95, 1 + (0.1 * i))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TrainSaveLoad_StartsCloserThanAFreshFit()
    {
        using var learner = InrBuilder.ForSignals(1, 1).UseTarget(b => new PolynomialTarget(1, 1, 3)).UseAveragedFits(steps: 40).Build();
        using var signal = CsvSignal.Load(Path.Combine(_folder, "1.csv"), 1);
        using var before = learner.Fit(signal);
        var result = learner.Train(new CsvFolder(_folder, 1));
        result.Steps.Should().Be(4);
        using var after = learner.Fit(signal);
        after.Loss.Should().BeLessThan(0.5 * before.Loss);

        string path = Path.Combine(_folder, "a.learner");
        learner.Save(path);
        using var loaded = MetaLearner.Load(path);
        using var again = loaded.Should().BeOfType<AveragedFits>().Which.Fit(signal);
        again.Loss.Should().Be(after.Loss);
    }

    [Fact]
    public void Adapt_GivesWhatFitGives()
    {
        using var learner = new AveragedFits(new PolynomialTarget(1, 1, 3), 10);
        using var signal = CsvSignal.Load(Path.Combine(_folder, "2.csv"), 1);
        using var fit = learner.Fit(signal);
        using var batch = SignalBatch.Of(signal);
        using var theta = learner.Adapt(batch);
        using var first = theta.Select(0);
        first.Flatten().eq(fit.Representation.Parameters.Flatten()).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Load_OfAWrongFile_SaysWhichAndWhy()
    {
        string path = Path.Combine(_folder, "bad.txt");
        File.WriteAllText(path, "0.1,x\n");
        ((Action)(() => CsvSignal.Load(path, 1))).Should().Throw<SignalLoadException>().WithMessage("*bad.txt*'x' is no number*");
    }

    private static string Line(double x, double slope) => FormattableString.Invariant($"{x},{slope * x * x}");
}
