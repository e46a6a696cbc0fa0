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

    [Fact]
    public void Load_HostileEncodingSize_IsAFileException()
    {
        // A whole file of which the options alone are wrong: an encoding has a sine for each cosine.
        using var scope = NewDisposeScope();
        var relu = new ReluMlp(1, 4, new ReluMlpOptions { Width = 1, Depth = 2, EncodingSize = 2 });
        using var sound = new MemoryStream();
        using (var generator = new Generator(1))
        using (var representation = new ImplicitRepresentation(relu, relu.Initialize(generator), SignalDomain.Grid(5)))
            representation.Save(sound);
        sound.Position = 0;
        using var reader = new SafeTensorsReader(sound, leaveOpen: true);
        var metadata = reader.Metadata.ToDictionary(m => m.Key, m => m.Value.Replace("\"encodingSize\":2", "\"encodingSize\":1", StringComparison.Ordinal));
        metadata.Should().NotBeEquivalentTo(reader.Metadata);
        using var changed = new MemoryStream();
        SafeTensors.Write(changed, reader.ReadAll(), metadata);
        changed.Position = 0;

        ((Action)(() => ImplicitRepresentation.Load(changed).Dispose())).Should().Throw<InrFileException>().WithMessage("*EncodingSize*");
    }
}
