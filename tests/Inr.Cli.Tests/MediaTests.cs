using System.Text.Json;
using Inr.Testing;

namespace Inr.Cli.Tests;

/// <summary>Pictures and sounds through the command: as fine as their source, the right way up, and never over their input.</summary>
public sealed class MediaTests : IClassFixture<CommandFixture>
{
    private readonly CommandFixture _fixture;

    public MediaTests(CommandFixture fixture) => _fixture = fixture;

    [Fact]
    public void Fit_LoudSound_RendersAndRendersAgainAsFineAsItsSource()
    {
        string sound = Fixture("sounds/loud-float.wav");
        var result = _fixture.Run("fit", sound, "--target", "global-cosine", "--floats", "1200", "--render", "loud.wav", "--out", "loud.inr", "--json", "loud.json").ShouldSucceed();
        _fixture.Run("render", "loud.inr", "--out", "again.wav").ShouldSucceed();
        _fixture.Run("render", "loud.inr", "--out", "fine.wav", "--size", "1600").ShouldSucceed();
        _fixture.Run("render", "loud.inr", "--out", "fast.wav", "--rate", "16000").ShouldSucceed();

        using var source = AudioSignal.Load(sound);
        using var rendered = AudioSignal.Load(_fixture.PathOf("loud.wav"));
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("loud.json")));
        result.Output.Should().NotContain("warning");
        rendered.Format.Should().Be(source.Format);
        json.RootElement.GetProperty("psnr").GetDouble().Should().BeApproximately(Psnr.Of(source, rendered), 1);
        File.ReadAllBytes(_fixture.PathOf("again.wav")).Should().Equal(File.ReadAllBytes(_fixture.PathOf("loud.wav")));
        FormatOf("fine.wav").Should().Be(new SampleFormat(32, true, 32_000));
        FormatOf("fast.wav").Should().Be(new SampleFormat(32, true, 16_000));
        _fixture.Run("info", "loud.inr").ShouldSucceed().Output.Should().Contain("32-bit floating point, 8000 Hz");
    }

    [Fact]
    public void Fit_SoundOfAPipe_HasAllSamples() =>
        _fixture.Run("fit", Fixture("sounds/ffmpeg-pipe.wav"), "--target", "siren", "--floats", "1000", "--steps", "5").ShouldSucceed().Output.Should().Contain("400 samples");

    [Fact]
    public void Fit_SoundThatOvershoots_SaysHowManySamplesWereClipped()
    {
        // Full scale one way and the other: cosines overshoot at the edges.
        AudioSignal.FromSamples([.. Enumerable.Range(0, 64).Select(i => i < 32 ? short.MaxValue : short.MinValue)]).SaveWav(_fixture.PathOf("square.wav"), 8000);

        var result = _fixture.Run("fit", "square.wav", "--target", "global-cosine", "--floats", "24", "--render", "square-fit.wav").ShouldSucceed();

        result.Output.Should().MatchRegex(@"warning: square-fit\.wav: \d+ of 64 values lay beyond the range of 16-bit samples and were clipped\.");
    }

    [Fact]
    public void Fit_SixteenBitPicture_RendersSixteenBits()
    {
        string ramp = Fixture("images/ramp16.png");
        _fixture.Run("fit", ramp, "--target", "block-cosine", "--floats", "600", "--render", "ramp.png", "--out", "ramp.inr").ShouldSucceed();
        _fixture.Run("render", "ramp.inr", "--out", "ramp-again.png").ShouldSucceed();

        using var source = ImageSignal.Load(ramp);
        using var rendered = ImageSignal.Load(_fixture.PathOf("ramp.png"));
        rendered.Format!.Bits.Should().Be(16);
        Psnr.Of(source, rendered).Should().BeGreaterThan(96);
        File.ReadAllBytes(_fixture.PathOf("ramp-again.png")).Should().Equal(File.ReadAllBytes(_fixture.PathOf("ramp.png")));
    }

    [Fact]
    public void Fit_PhotoOnItsSide_IsUprightUnlessAsked()
    {
        string photo = Fixture("images/exif6.jpg");
        _fixture.Run("fit", photo, "--target", "block-cosine", "--floats", "4608", "--render", "upright.png").ShouldSucceed();
        _fixture.Run("fit", photo, "--target", "block-cosine", "--floats", "4608", "--render", "stored.png", "--keep-orientation").ShouldSucceed();

        using var upright = ImageSignal.Load(_fixture.PathOf("upright.png"));
        using var stored = ImageSignal.Load(_fixture.PathOf("stored.png"));
        (upright.Width(), upright.Height(), stored.Width(), stored.Height()).Should().Be((48, 32, 32, 48));
    }

    [Fact]
    public void Compare_PhotoOnItsSide_IsUprightUnlessAsked()
    {
        string[] Compare(string report, params string[] more) =>
            ["compare", Fixture("images/exif6.jpg"), "--targets", "block-cosine", "--floats", "300", "--report", report, .. more];
        _fixture.Run(Compare("upright")).ShouldSucceed();
        _fixture.Run(Compare("stored", "--keep-orientation")).ShouldSucceed();

        Shape("upright").Should().Equal(32, 48);
        Shape("stored").Should().Equal(48, 32);
        // Rows of the one do not belong beside those of the other.
        _fixture.Run(Compare("upright", "--keep-orientation")).ShouldFail(1, "--keep-orientation");

        IReadOnlyList<long> Shape(string report)
        {
            using var fitted = ImplicitRepresentation.Load(Directory.EnumerateFiles(_fixture.PathOf($"{report}/rows"), "*-block-cosine.inr").Single());
            return [.. fitted.Domain.GridShape];
        }
    }

    [Fact]
    public void Fit_OutputThatLinksToTheInput_IsRefused()
    {
        File.CreateSymbolicLink(_fixture.PathOf("link.inr"), _fixture.PathOf("photo.png"));
        Directory.CreateSymbolicLink(_fixture.PathOf("here"), _fixture.Folder);
        byte[] before = File.ReadAllBytes(_fixture.PathOf("photo.png"));

        _fixture.Run("fit", "photo.png", "--target", "block-cosine", "--floats", "600", "--out", "link.inr").ShouldFail(2, "the same file as the input");
        _fixture.Run("fit", "photo.png", "--target", "block-cosine", "--floats", "600", "--render", "here/photo.png").ShouldFail(2, "the same file as the input");
        _fixture.Run("fit", "photo.png", "--target", "block-cosine", "--floats", "600", "--json", "a", "--out", "here/a").ShouldFail(2, "the same file as --");

        File.ReadAllBytes(_fixture.PathOf("photo.png")).Should().Equal(before);
    }

    [Fact]
    public void Render_UnderAnotherEnding_IsRefused()
    {
        _fixture.Run("render", "photo.inr", "--out", "photo-2x.jpg").ShouldFail(2, ".png");
        _fixture.Run("render", "photo.inr", "--out", "photo-2x.wav").ShouldFail(2, ".png");
    }

    private SampleFormat? FormatOf(string name)
    {
        using var sound = AudioSignal.Load(_fixture.PathOf(name));
        return sound.Format;
    }

    private static string Fixture(string name) => Path.Combine(SharedData.RepositoryRoot, "tests", "Inr.Core.Tests", "fixtures", name);
}
