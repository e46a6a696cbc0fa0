using System.Text.Json;
using Inr.Evaluation;

namespace Inr.Tests.Evaluation;

/// <summary>Rows as other programs read them.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void WriteCsv_QuotesFieldsAndLeavesOutEmptyColumns()
    {
        ReportFile.WriteCsv(_folder["a.csv"], [new ReportRow { Signal = "a, \"b\".png", Floats = 12, Psnr = 30.5 }, new ReportRow { Signal = "c", Floats = 13, Seed = 4 }]);
        File.ReadAllText(_folder["a.csv"]).Should().Be("signal,floats,psnr,seed\r\n\"a, \"\"b\"\".png\",12,30.5,\r\nc,13,,4\r\n");
    }

    [Fact]
    public void WriteJson_InfinitePsnr_IsLeftOut()
    {
        ReportFile.WriteJson(_folder["a.json"], new ReportRow { Target = "exact", Psnr = double.PositiveInfinity, Psnr8 = 40 });
        using var json = JsonDocument.Parse(File.ReadAllText(_folder["a.json"]));
        json.RootElement.EnumerateObject().Select(p => p.Name).Should().Equal("target", "psnr8");
    }

    [Fact]
    public void WriteJson_NoPath_WritesNothing()
    {
        ReportFile.WriteJson(null, new ReportRow());
        ReportFile.WriteJson(null, [new ReportRow()]);
        Directory.GetFiles(_folder.Root).Should().BeEmpty();
    }

    public void Dispose() => _folder.Dispose();
}
