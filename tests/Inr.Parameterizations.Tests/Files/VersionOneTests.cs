using Inr.Files;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Files;

/// <summary>Files of format version 1 (<c>fixtures/version-1</c>) still load, to the numbers that their own library rendered.</summary>
public sealed class VersionOneTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fixtures", "version-1");

    [Theory]
    [InlineData("siren", 2e-6)]
    [InlineData("piecewise-fourier", 2e-6)]
    public void Load_FileOfVersionOne_RendersAsItDid(string kind, double tolerance)
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(Folder, $"{kind}.inr");
        var info = InrFile.ReadInfo(path);
        (info.FormatVersion, info.Kind, info.Storage.Count).Should().Be((1, kind, 0));
        using var representation = ImplicitRepresentation.Load(path);
        (representation.FloatCount, representation.BitCount).Should().Be((info.Floats, 32 * info.Floats));
        representation.Domain.Should().Be(SignalDomain.Grid(32, 40));
        using var rendered = representation.Render(9, 7);
        Close.ShouldBeClose(rendered.Values, SafeTensors.Load(Path.Combine(Folder, "values.safetensors"))[kind], tolerance);

        // Saved again it is a file of this version, with the same numbers.
        using var file = new MemoryStream();
        representation.Save(file);
        file.Position = 0;
        using var again = ImplicitRepresentation.Load(file);
        foreach (var (a, b) in again.Parameters.Tensors.Zip(representation.Parameters.Tensors))
            Close.ShouldBeSame(a, b);
    }

    [Fact]
    public void Load_OptionThatItsTargetRefuses_IsAFileException()
    {
        var description = new Siren(2, 1).Description;
        description.Options["width"] = 0;
        ((Action)(() => TargetRegistry.Create(description))).Should().Throw<InrFileException>().WithMessage("*'siren' are invalid*Width*");
    }

    [SharedDataFact("cases/hostile/inr-encodingsize1.inr")]
    public void Load_HostileEncodingSize_IsAFileException() =>
        ((Action)(() => ImplicitRepresentation.Load(Path.Combine(SharedData.Root!, "cases/hostile/inr-encodingsize1.inr")))).Should().Throw<InrFileException>().WithMessage("*EncodingSize*");
}
