using System.Diagnostics;
using Inr.Evaluation;
using Inr.Testing;

namespace Inr.Tests;

/// <summary>The plan in a folder that a crash or a person damaged counts as missing.</summary>
public sealed class ComparisonPlanTests : IDisposable
{
    private const string Trial = """{"target": "siren", "learningRate": 0.001, "omega": 30, "steps": 10, "signals": ["a.png"], "isChosen": true}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"steps":{},"trials":[null]}""")]
    [InlineData("""{"steps":{},"trials":null}""")]
    [InlineData("""{"steps":null,"trials":[]}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    [InlineData("""{"steps":{"siren":0},"trials":[]}""")]
    [InlineData("""{"steps":{},"trials":[{"target":null,"learningRate":0.1,"steps":1,"signals":[]}]}""")]
    [InlineData("""{"steps":{},"trials":[{"target":"siren","learningRate":-1,"steps":1,"signals":[]}]}""")]
    [InlineData("""{"steps":{},"trials":[{"target":"siren","learningRate":0.1,"omega":"NaN","steps":1,"signals":[]}]}""")]
    public void Load_OfDamagedPlan_IsANewOne(string json)
    {
        var plan = Load(json);
        plan.Steps.Should().BeEmpty();
        plan.Trials.Should().BeEmpty();
        plan.For(Contender.Of([TargetCatalog.Find("siren")], [900])[0]).Steps.Should().BeNull();
    }

    [Fact]
    public void Load_OfSoundPlan_KeepsIt()
    {
        var plan = Load($$"""{"steps":{"siren":100},"trials":[{{Trial}}]}""");
        plan.Steps.Should().ContainKey("siren").WhoseValue.Should().Be(100);
        plan.Trials.Should().ContainSingle().Which.Omega.Should().Be(30);
    }

    // To open a pipe waits for a writer.
    [UnixTheory]
    [InlineData("plan.json")]
    [InlineData("settings.json")]
    public async Task Open_PipesInTheFolder_CountAsMissing(string name)
    {
        Process.Start("mkfifo", [_folder[name]])!.WaitForExit();
        var reading = Task.Run(() =>
        {
            using var folder = EvaluationFolder.Open(_folder.Root, new Dictionary<string, string> { ["seed"] = "0" });
            ComparisonPlan.Load(_folder["plan.json"]).Trials.Should().BeEmpty();
        });
        (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(20)))).Should().BeSameAs(reading);
        await reading;
    }

    private ComparisonPlan Load(string json)
    {
        File.WriteAllText(_folder["plan.json"], json);
        return ComparisonPlan.Load(_folder["plan.json"]);
    }
}
