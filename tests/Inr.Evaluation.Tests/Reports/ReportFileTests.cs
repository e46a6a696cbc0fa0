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
    public void WriteJson_InfinitePsnr_HasItsKey()
    {
        ReportFile.WriteJson(_folder["a.json"], new ReportRow { Target = "exact", Psnr = double.PositiveInfinity, Psnr8 = 40, Ssim = double.NaN });
        using var json = JsonDocument.Parse(File.ReadAllText(_folder["a.json"]));
        json.RootElement.EnumerateObject().Select(p => p.Name).Should().Equal("target", "psnr", "psnr8");
        json.RootElement.GetProperty("psnr").GetString().Should().Be("Infinity");
    }

    [Fact]
    public void WriteJson_Stream_GetsTheBytesOfTheFile()
    {
        var row = new ReportRow { Target = "siren", Psnr = 30.5 };
        ReportFile.WriteJson(_folder["a.json"], row);
        using var stream = new MemoryStream();
        ReportFile.WriteJson(stream, row);
        stream.ToArray().Should().Equal(File.ReadAllBytes(_folder["a.json"]));
    }

    [Fact]
    public void Write_UnderTheEndingOfAnotherFormat_IsRefused()
    {
        FluentActions.Invoking(() => ReportFile.WriteCsv(_folder["a.json"], [])).Should().Throw<ArgumentException>().WithMessage("*ends in '.json'*a table (.csv)*");
        FluentActions.Invoking(() => ReportFile.WriteJson(_folder["a.png"], new ReportRow())).Should().Throw<ArgumentException>().WithMessage("*ends in '.png'*JSON*");
        FluentActions.Invoking(() => ReportFile.WriteJson(_folder["a.csv"], [new ReportRow()])).Should().Throw<ArgumentException>().WithMessage("*ends in '.csv'*JSON*");
        Directory.EnumerateFiles(_folder.Root).Should().BeEmpty();
    }

    [Fact]
    public void WriteJson_NoPath_WritesNothing()
    {
        ReportFile.WriteJson((string?)null, new ReportRow());
        ReportFile.WriteJson((string?)null, [new ReportRow()]);
        Directory.GetFiles(_folder.Root).Should().BeEmpty();
    }

    public void Dispose() => _folder.Dispose();
}
