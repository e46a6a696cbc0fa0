using Inr.Cli.Output;

namespace Inr.Cli.Tests;

/// <summary>Tables that are wider than their place are cut between columns, never within a number.</summary>
public sealed class TableTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(48)]
    public void WriteTable_NarrowPlace_ShowsEveryNumberWhole(int width)
    {
        string[] columns = ["target", .. Enumerable.Range(0, 12).Select(i => $"measure {i}")];
        string[][] rows = [["siren", .. Enumerable.Range(0, 12).Select(i => $"{i},234,567.89")], ["a-name-of-some-length", .. Enumerable.Range(0, 12).Select(_ => "-")]];

        string text = Written(width, columns, rows);

        text.Split('\n').Should().OnlyContain(line => line.TrimEnd().Length <= width);
        foreach (string cell in rows[0].Concat(columns))
            text.Should().Contain($" {cell} ");
    }

    [Fact]
    public void WriteTable_WidePlace_IsOneTable() =>
        Written(200, ["a", "b", "c"], [["1", "2", "3"]]).Split('\n').Count(line => line.Contains("| a ", StringComparison.Ordinal)).Should().Be(1);

    [Fact]
    public void WriteTable_OneColumn_IsShown() => Written(80, ["a"], [["1"]]).Should().Contain("| 1 |");

    [Fact]
    public void WriteTable_VeryLongName_KeepsItsEnd() =>
        Written(80, ["signal", "floats"], [[new string('x', 300) + "/photo.png", "12,345"]]).Should().Contain("x/photo.png").And.Contain("12,345");

    private static string Written(int width, string[] columns, string[][] rows)
    {
        string? before = Environment.GetEnvironmentVariable("COLUMNS");
        try
        {
            Environment.SetEnvironmentVariable("COLUMNS", $"{width}");
            using var writer = new StringWriter();
            Terminal.Plain(writer).WriteTable(columns, rows);
            return writer.ToString();
        }
        finally
        {
            Environment.SetEnvironmentVariable("COLUMNS", before);
        }
    }
}
