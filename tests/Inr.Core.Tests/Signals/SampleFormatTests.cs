using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Inr.Tests;

public sealed class SampleFormatTests : IDisposable
{
    private readonly TestFiles _files = new();

    public SampleFormatTests() => AffineTarget.Register();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(8, false, 0)]
    [InlineData(24, false, 48_000)]
    [InlineData(64, true, 1)]
    public void Json_RoundTrips(int bits, bool isFloat, int rate)
    {
        var format = new SampleFormat(bits, isFloat, rate);

        SampleFormat.FromJson((JsonObject)JsonNode.Parse(format.ToJson().ToJsonString())!).Should().Be(format);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"bits": 7}""")]
    [InlineData("""{"bits": 8, "float": true}""")]
    [InlineData("""{"bits": 64}""")]
    [InlineData("""{"bits": "16"}""")]
    [InlineData("""{"bits": 16.5}""")]
    [InlineData("""{"bits": 1e99}""")]
    [InlineData("""{"bits": [16]}""")]
    [InlineData("""{"bits": 16, "rate": -1}""")]
    [InlineData("""{"bits": 16, "rate": 4294967296}""")]
    [InlineData("""{"bits": 16, "else": 1}""")]
    public void Json_NoFormat_IsRefused(string json) =>
        new Action(() => SampleFormat.FromJson((JsonObject)JsonNode.Parse(json)!)).Should().Throw<FormatException>().WithMessage("*format of samples*");

    [Fact]
    public void Signal_WhateverIsMadeOfIt_KeepsTheFormat()
    {
        using var image = ImageSignal.Load(TestFiles.Fixture("images/formula-grey16.png"));
        using var scope = NewDisposeScope();

        image.Format.Should().Be(new SampleFormat(16));
        image.To(float64).Format.Should().Be(image.Format);
        image.WithValues(image.Values.clone()).Format.Should().Be(image.Format);
        image.Select([0, 1]).Format.Should().Be(image.Format);
        image.Select([0, 1]).To(float64).Format.Should().Be(image.Format);
        image.Split(0.5).Query.Format.Should().Be(image.Format);
        image.Resize(new ImageSize(2, 2)).Format.Should().Be(image.Format);
        using var cropped = ImageSignal.Load(TestFiles.Fixture("images/formula-grey16.png"), new ImageLoadOptions { Channels = 4, Size = ImageSize.Square(3), CenterCrop = true });
        cropped.Format.Should().Be(image.Format);
    }

    [Theory]
    [InlineData("images/formula-grey16.png", 16, 0)]
    [InlineData("images/formula-1bit.png", 8, 0)]
    [InlineData("images/coffee-baseline.jpg", 8, 0)]
    [InlineData("sounds/ffmpeg-pipe.wav", 16, 8000)]
    public void File_ThroughARepresentation_KeepsDepthAndRate(string file, int bits, int rate)
    {
        using var signal = new SignalFile(TestFiles.Fixture(file)) { Name = "another name" }.Load();
        var target = new AffineTarget(signal.InputDimension, signal.Channels);
        using (var representation = new ImplicitRepresentation(target, target.Initialize(), signal.Domain) { Format = signal.Format })
            representation.Save(_files.At("a.inr"));

        using var loaded = ImplicitRepresentation.Load(_files.At("a.inr"));
        using var rendered = loaded.Render();
        using var again = loaded.WithStorage((_, t) => TensorStorage.Dense(t));

        signal.Name.Should().Be("another name");
        InrFile.ReadInfo(_files.At("a.inr")).Format.Should().Be(new SampleFormat(bits, sampleRate: rate));
        rendered.Format.Should().Be(signal.Format);
        again.Format.Should().Be(signal.Format);
    }

    [Fact]
    public void Render_SoundOfAnotherSize_LastsAsLong()
    {
        var target = new AffineTarget(1, 1);
        using var sound = new ImplicitRepresentation(target, target.Initialize(), SignalDomain.Grid(400)) { Format = new SampleFormat(24, sampleRate: 8000) };

        using var twice = sound.Render(800);
        using var half = sound.Render([400], [(-1, 0)]);

        twice.Format.Should().Be(new SampleFormat(24, sampleRate: 16_000));
        half.Format.Should().Be(new SampleFormat(24, sampleRate: 16_000));
    }

    [Fact]
    public void InrFile_WithBadFormat_IsRefused()
    {
        var target = new AffineTarget(1, 1);
        using (var sound = new ImplicitRepresentation(target, target.Initialize(), SignalDomain.Grid(4)) { Format = new SampleFormat(16) })
            sound.Save(_files.At("a.inr"));
        byte[] file = File.ReadAllBytes(_files.At("a.inr"));
        int at = file.AsSpan().IndexOf("bits\\\":16"u8);
        "17"u8.CopyTo(file.AsSpan(at + 7));

        new Action(() => ImplicitRepresentation.Load(new MemoryStream(file)).Dispose()).Should().Throw<InrFileException>().WithMessage("*format of samples*17*");
    }
}
