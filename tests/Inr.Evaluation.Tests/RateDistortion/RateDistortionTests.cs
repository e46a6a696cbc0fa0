using System.IO.Compression;
using Inr.Evaluation;

namespace Inr.Tests.Evaluation;

/// <summary>Codecs over pictures: rows, means, gains, what goes on and what fails.</summary>
public sealed class RateDistortionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("inr-rates-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Run_OverPictures_CountsTheBytesOfWholeFilesAndTheErrorOfWhatTheyHold()
    {
        var signals = new SignalList([Photo(1), Photo(2)]);

        var result = Run(signals, new CodedCosines(), new Deflated());

        result.Signals.Should().Equal("1.png", "2.png");
        result.Rows.Should().HaveCount(2 * (new CodedCosines().Settings.Count + 4));
        foreach (var row in result.Rows.Where(r => r.Codec == "deflated"))
        {
            row.BitsPerSample.Should().Be(row.Bits / (48 * 32));
            // Values are rounded to multiples of the step: an error of at most half of it.
            row.Psnr.Should().BeGreaterThan(-20 * Math.Log10(row.Setting / 2 / 255));
        }

        var means = result.Means().Where(r => r.Codec == "deflated").ToList();
        means.Select(r => r.Signals).Should().OnlyContain(n => n == 2);
        means[0].Psnr.Should().Be(result.Rows.Where(r => r.Codec == "deflated" && r.Setting == means[0].Setting).Average(r => r.Psnr));
        result.Gains().Single().Should().Match<CodecGain>(g => g.Codec == "deflated" && g.Rate < 0 && g.PerSignal.Count == 2);
        result.Published.Should().BeEmpty("the pictures are not those of Kodak");
    }

    [Fact]
    public void Run_Again_EncodesNothing()
    {
        var signals = new SignalList([Photo(1)]);
        var codec = new Deflated();
        var first = Run(signals, new CodedCosines(), codec);
        int encodings = codec.Encodings;

        var second = Run(signals, new CodedCosines(), codec);

        codec.Encodings.Should().Be(encodings);
        second.Rows.Should().Equal(first.Rows);
        codec.Version = "deflated 2";
        Run(signals, new CodedCosines(), codec).Rows.Where(r => r.Codec == "deflated").Should().OnlyContain(r => r.Version == "deflated 2");
        codec.Encodings.Should().Be(2 * encodings, "another version is another codec");
    }

    [Fact]
    public void Run_WithACodecThatFailsOnAPicture_LeavesThePictureOutOfTheMeans()
    {
        var signals = new SignalList([Photo(1), Photo(2)]);

        var result = Run(signals, new CodedCosines(), new Deflated { Refuses = "2.png" });

        result.Signals.Should().Equal("1.png");
        result.Failures.Single().Should().Match<ComparisonFailure>(f => f.Signal == "2.png" && f.Target == "deflated");
        result.Means().Should().OnlyContain(r => r.Signals == 1);
    }

    [Fact]
    public void Run_OverWhatNoCodecTakes_SaysWhy()
    {
        using var sound = AudioSignal.FromSamples([1, 2, 3, 4]);
        using var fine = ImageSignal.FromPixels((ushort[])[.. Enumerable.Range(0, 64).Select(i => (ushort)(1000 * i))], 8, 8, 1, "fine.png");

        var result = Run(new SignalList([sound, fine]), new CodedCosines());

        result.Signals.Should().BeEmpty();
        result.Failures.Select(f => f.Reason).Should().SatisfyRespectively(r => r.Should().Contain("grey and RGB"), r => r.Should().Contain("8 bits"));
    }

    [Fact]
    public void Run_Cancelled_ReturnsWhatIsFinished()
    {
        using var source = new CancellationTokenSource();
        var signals = new SignalList([Photo(1), Photo(2)]);

        var result = Run(signals, source.Token, new CodedCosines(), new Deflated { After = source.Cancel });

        result.IsCancelled.Should().BeTrue();
        result.Signals.Count.Should().BeLessThan(2);
    }

    [Fact]
    public void Run_WithProgramsOfTheSystem_GivesThemFilesAndReadsThemBack()
    {
        if (OperatingSystem.IsWindows())
            return;
        string? path = Environment.GetEnvironmentVariable("PATH");
        string programs = Directory.CreateDirectory(Path.Combine(_root, "programs")).FullName;
        // Codecs without any loss: they copy.
        Script(programs, "cjpeg", "if [ \"$1\" = -version ]; then echo copy version 1.2.3 >&2; exit; fi\nwhile [ \"$1\" != -outfile ]; do shift; done\ncp \"$3\" \"$2\"");
        Script(programs, "djpeg", "while [ \"$1\" != -outfile ]; do shift; done\ncp \"$3\" \"$2\"");
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{programs}:/usr/bin:/bin");
            var tools = CodecTool.All().Where(t => t.EncoderName == "cjpeg").ToList();
            tools.Should().OnlyContain(t => t.Version == "cjpeg 1.2.3");

            var result = Run(new SignalList([Photo(1), Grey()]), [new CodedCosines(), .. tools]);

            result.Failures.Should().BeEmpty();
            result.Rows.Where(r => r.Codec == "jpeg-444").Should().OnlyContain(r => double.IsPositiveInfinity(r.Psnr) && r.EncodeSeconds > 0 && r.DecodeSeconds > 0);
            result.Rows.First(r => r.Codec == "jpeg-444" && r.Signal == "1.png").Bits.Should().Be(8 * ((48 * 32 * 3) + "P6\n48 32\n255\n".Length));
            result.Rows.First(r => r.Codec == "jpeg-444" && r.Signal == "grey.png").Bits.Should().Be(8 * ((48 * 32) + "P5\n48 32\n255\n".Length));
            Environment.SetEnvironmentVariable("PATH", programs);
            File.Delete(Path.Combine(programs, "djpeg"));
            CodecTool.All().Should().OnlyContain(t => t.Version == null, "there is no decoder");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public void Nearest_OfASize_IsTheSettingWhoseFileComesNearest()
    {
        using var signal = Photo(3);
        using var picture = new CodecPicture(signal);
        var codec = new CodedCosines();
        long wanted = codec.Encode(picture, 60, default).Bytes.Length;

        long found = EqualBytes.Nearest(codec, picture, wanted, default).Bytes.Length;

        found.Should().BeInRange((long)(0.97 * wanted), (long)(1.03 * wanted) + 1);
    }

    [Fact]
    public void OfKodak_HasPointsThatGrowAndCaveats()
    {
        var curves = PublishedCurve.OfKodak();

        curves.Select(c => c.Method).Should().OnlyHaveUniqueItems().And.Contain(["COIN", "Strumpler-INR-basic", "RECOMBINER", "Cool-chic-1.0", "BPG-444", "C3", "VTM"]);
        curves.Should().OnlyContain(c => c.Points.Count >= 4 && c.Caveat.Length > 0 && c.Source.Length > 0 && c.Licence.Length > 0);
        curves.SelectMany(c => c.Points).Should().OnlyContain(p => p.BitsPerSample > 0 && p.BitsPerSample < 12 && p.Psnr > 15 && p.Psnr < 60);
        // The published point of COIN at 0.307 bits a pixel.
        BjontegaardRate.PsnrAt(curves.Single(c => c.Method == "COIN").Points, 0.307).Should().BeApproximately(26.41, 0.03);
        PublishedCurve.IsKodak(Enumerable.Range(1, 24).Select(i => $"kodim{i:00}.png")).Should().BeTrue();
        PublishedCurve.IsKodak(Enumerable.Range(1, 23).Select(i => $"kodim{i:00}.png")).Should().BeFalse();
    }

    [Fact]
    public void Write_OfAResult_IsAPageAndTables()
    {
        var signals = new SignalList([Photo(1)]);
        using var folder = EvaluationFolder.Open(Path.Combine(_root, "page"), RateDistortion.Described);
        var result = RateDistortion.Run(signals, folder, [new CodedCosines(), new Deflated()], [], new SilentListener(), default);
        result = result with { Published = PublishedCurve.OfKodak(), Absent = ["webp (cwebp)"] };

        RateDistortionTables.Write(result, folder.Folder);
        RateDistortionPage.Write(result, folder, signals, "inr compare <x>");

        string page = File.ReadAllText(Path.Combine(folder.Folder, ReportPage.FileName));
        page.Should().Contain("BD-rate").And.Contain("COIN").And.Contain("Apache-2.0").And.Contain("webp (cwebp)").And.Contain("inr compare &lt;x&gt;").And.NotContain("NaN").And.NotContain("<script");
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Folder, "codecs.json")));
        json.RootElement.GetProperty("points")[0].GetProperty("bitsPerSample").GetDouble().Should().BePositive();
        json.RootElement.GetProperty("points")[0].GetProperty("encodeSeconds").GetDouble().Should().BePositive();
        json.RootElement.GetProperty("bdRates")[0].GetProperty("codec").GetString().Should().Be("deflated");
        File.ReadAllLines(Path.Combine(folder.Folder, "pictures.csv")).Should().HaveCount(1 + result.Rows.Count);
    }

    private RateDistortionResult Run(SignalList signals, params IPictureCodec[] codecs) => Run(signals, default, codecs);

    private RateDistortionResult Run(SignalList signals, CancellationToken cancellation, params IPictureCodec[] codecs)
    {
        using var folder = EvaluationFolder.Open(Path.Combine(_root, "rows"), RateDistortion.Described);
        return RateDistortion.Run(signals, folder, codecs, [], new SilentListener(), cancellation);
    }

    private static void Script(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static Signal Photo(int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[48 * 32 * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(128 + (90 * Math.Sin((i / 144 / 5.0) + seed) * Math.Cos(i % 144 / 3 / 6.0)) + random.Next(16));
        return ImageSignal.FromPixels(pixels, 48, 32, 3, $"{seed}.png");
    }

    private static Signal Grey() => ImageSignal.FromPixels((byte[])[.. Enumerable.Range(0, 48 * 32).Select(i => (byte)(i / 7))], 48, 32, 1, "grey.png");

    /// <summary>Rounded values, deflated: a codec as simple as they get.</summary>
    private sealed class Deflated : IPictureCodec
    {
        public string Name => "deflated";

        public string Summary => "rounded and deflated";

        public string? Version { get; set; } = "deflated 1";

        public IReadOnlyList<double> Settings { get; } = [64, 32, 16, 8];

        public int Encodings { get; private set; }

        public string? Refuses { get; init; }

        public Action? After { get; init; }

        public EncodedFile Encode(CodecPicture picture, double setting, CancellationToken cancellation)
        {
            if (picture.Signal.Name == Refuses)
                throw new InrException("Refused.");
            Encodings++;
            using var stream = new MemoryStream();
            using (var deflate = new DeflateStream(stream, CompressionLevel.Optimal))
                deflate.Write([(byte)setting, .. picture.Signal.ToPixels8().Select(p => (byte)Math.Round(p / setting))]);
            After?.Invoke();
            return new EncodedFile(stream.ToArray(), 0.001);
        }

        public (Signal Picture, double Seconds) Decode(CodecPicture picture, EncodedFile file, CancellationToken cancellation)
        {
            using var stream = new DeflateStream(new MemoryStream(file.Bytes), CompressionMode.Decompress);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            byte[] bytes = all.ToArray();
            byte[] pixels = [.. bytes.Skip(1).Select(level => (byte)Math.Min(255, level * bytes[0]))];
            return (ImageSignal.FromPixels(pixels, picture.Signal.Width(), picture.Signal.Height(), picture.Signal.Channels), 0.001);
        }

        public double Between(double low, double high) => Math.Round((low + high) / 2);
    }
}
