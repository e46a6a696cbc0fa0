using Inr.Evaluation;

namespace Inr.Tests;

public sealed class EvaluationFolderTests : IDisposable
{
    private static readonly EvaluationOptions Quick = new() { WarmUpFits = 0, RenderRepeats = 0, RandomAccessSamples = 0 };

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_OtherSettingsBesideRows_IsRefused()
    {
        Fill(Settings(("floats", "100"), ("seed", "0")));

        var open = () => EvaluationFolder.Open(Run, Settings(("floats", "200"), ("seed", "0"), ("context", "full")));

        open.Should().Throw<InrException>().WithMessage("*other settings (floats is 100 there, 200 now; context is not set there, full now)*");
        EvaluationFolder.Open(Run, Settings(("seed", "0"), ("floats", "100"))).Dispose();
    }

    [Fact]
    public void Open_OtherSettingsWithoutRows_AreTakenOver()
    {
        EvaluationFolder.Open(Run, Settings(("floats", "100"))).Dispose();

        EvaluationFolder.Open(Run, Settings(("floats", "200"))).Dispose();
    }

    [Fact]
    public void Open_WhileOpen_IsRefused()
    {
        using (EvaluationFolder.Open(Run, Settings()))
            new Action(() => EvaluationFolder.Open(Run, Settings())).Should().Throw<InrException>().WithMessage("Another run is using*");

        EvaluationFolder.Open(Run, Settings()).Dispose();
    }

    [Fact]
    public void Open_BelowAFile_IsRefused()
    {
        File.WriteAllText(Run, "");

        new Action(() => EvaluationFolder.Open(Run, Settings())).Should().Throw<InrException>().WithMessage("Cannot write to the folder*");
    }

    [Fact]
    public void Find_DamagedRow_CountsAsMissing()
    {
        Fill(Settings());
        string row = Directory.EnumerateFiles(Path.Combine(Run, "rows"), "*.json").Single();
        File.WriteAllText(row, File.ReadAllText(row)[..30]);

        Fill(Settings()).Should().Be(0, "nothing could be taken from the folder");
        Fill(Settings()).Should().Be(1);
    }

    [Theory]
    [InlineData("key", "null")]
    [InlineData("key", "\"another\"")]
    [InlineData("signal", "null")]
    [InlineData("fitTimings", "null")]
    public void Find_RowWithAFieldThatIsNot_CountsAsMissing(string field, string value)
    {
        Fill(Settings());
        string path = Directory.EnumerateFiles(Path.Combine(Run, "rows"), "*.json").Single();
        var row = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        row[field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        File.WriteAllText(path, row.ToJsonString());

        Fill(Settings()).Should().Be(0, "nothing could be taken from the folder");
    }

    [Fact]
    public void Find_ExactFit_KeepsItsInfinitePsnr()
    {
        Fill(Settings(), 0);
        using var store = EvaluationFolder.Open(Run, Settings());
        using var signal = PlaneSignals.Create(0, "plane 0");

        store.For("plane").Find(SignalKey.Of(signal))!.Psnr.Should().BeGreaterThan(140);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../elsewhere")]
    [InlineData("a b")]
    public void For_NameThatIsNoFileName_Throws(string subject)
    {
        using var store = EvaluationFolder.Open(Run, Settings());

        new Action(() => store.For(subject)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Key_ChangesWithNameAndSamples()
    {
        using var signal = PlaneSignals.Create(0.1, "a picture/of a: cat.png");
        using var same = PlaneSignals.Create(0.1, "a picture/of a: cat.png");
        using var renamed = PlaneSignals.Create(0.1, "a picture/of a: dog.png");
        using var changed = PlaneSignals.Create(0.2, "a picture/of a: cat.png");

        SignalKey.Of(signal).Should().MatchRegex("^of_a__cat-[0-9a-f]{12}$").And.Be(SignalKey.Of(same));
        SignalKey.Of(renamed).Should().NotBe(SignalKey.Of(signal));
        SignalKey.Of(changed).Should().NotBe(SignalKey.Of(signal));
    }

    // How many signals came from the folder.
    private int Fill(Dictionary<string, string> settings, double error = 0.1)
    {
        using var store = EvaluationFolder.Open(Run, settings);
        using var signals = new PlaneSignals(error);
        using var fitter = new PlaneFitter();
        return Evaluator.Run(fitter, signals, Quick with { Store = store.For("plane") }).Resumed;
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings) => settings.ToDictionary(s => s.Name, s => s.Value);
}
