using Xunit.Abstractions;

namespace Inr.Fuzz.Tests;

/// <summary>Mutated files of every reader: each is read or refused with the library's own exception, soon and in little memory.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int EnoughToTell = 100;

    public static TheoryData<string> Readers => [.. FuzzTable.Rows.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Read_OfMutatedFiles_ReadsOrRefuses(string name)
    {
        var reader = FuzzTable.Rows.Single(r => r.Name == name);
        int count = (FuzzSettings.Count + FuzzTable.Rows.Count - 1) / FuzzTable.Rows.Count;
        var run = new FuzzRun(reader, count);

        run.Execute();

        output.WriteLine(run.ToString());
        if (FuzzSettings.Report is { } report)
            File.AppendAllLines(report, [$"{run}; {run.LeftTensors} tensors left", .. run.Findings.Select(f => $"    {f}")]);
        run.Findings.Should().BeEmpty($"{run}");
        run.LeftTensors.Should().Be(0);
        if (count >= EnoughToTell && reader.Refuses)
            run.Refused.Should().BeInRange(1, count - 1, "the mutations reach both outcomes");
    }
}
