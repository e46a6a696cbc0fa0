using Inr.Files;
using Inr.Folders;
using Inr.Parameterizations;

namespace Inr.Tests;

/// <summary>Folders of small pictures and sounds, encoded and decoded, with everything that can go wrong in between.</summary>
public sealed class FolderEncoderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("inr-folder-").FullName;

    private string Source => Path.Combine(_root, "source");

    private string Output => Path.Combine(_root, "output");

    private string Decoded => Path.Combine(_root, "decoded");

    public FolderEncoderTests() => Directory.CreateDirectory(Source);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Run_OfPicturesAndSoundsInSubfolders_MirrorsThemAndSaysWhatItMade()
    {
        Picture("a.png", 1);
        Picture("deep/er/b.png", 2);
        Sound("deep/c.wav");

        var report = Encode();

        report.IsComplete.Should().BeTrue();
        report.Entries.Select(e => e.Output).Should().Equal("a.png.inr", "deep/c.wav.inr", "deep/er/b.png.inr");
        foreach (var entry in report.Entries)
        {
            string path = Path.Combine(Output, entry.Output!);
            using var signal = new SignalFile(Path.Combine(Source, entry.Source)).Load();
            using var representation = ImplicitRepresentation.Load(path);
            using var rendered = representation.Render();
            entry.Bytes.Should().Be(new FileInfo(path).Length);
            entry.Bits.Should().Be(8 * entry.Bytes);
            entry.BitsPerSample.Should().Be(8.0 * entry.Bytes!.Value / signal.SampleCount);
            entry.Psnr.Should().BeApproximately(Psnr.Of(signal, rendered), 0.01);
            entry.EncodeSeconds.Should().BePositive();
        }

        Lines().Should().HaveCount(3);
    }

    [Fact]
    public void Run_Again_MakesNothing()
    {
        Picture("a.png", 1);
        Picture("b.png", 2);
        Encode();
        var before = Outputs();

        var report = Encode();

        report.Entries.Should().BeEmpty();
        report.Kept.Should().HaveCount(2);
        report.IsComplete.Should().BeTrue();
        Outputs().Should().Equal(before);
        Lines().Should().HaveCount(2, "nothing was made twice");
    }

    [Fact]
    public void Run_AfterAPictureChanged_MakesThatOneAgain()
    {
        Picture("a.png", 1);
        Picture("b.png", 2);
        Encode();
        Picture("b.png", 3);

        Encode().Entries.Select(e => e.Source).Should().Equal("b.png");
    }

    [Fact]
    public void Run_AfterAPictureWasCopiedWithANewTime_KeepsItsOutput()
    {
        Picture("a.png", 1);
        Encode();
        File.SetLastWriteTimeUtc(Path.Combine(Source, "a.png"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Encode().Entries.Should().BeEmpty("its bytes are the same");
    }

    [Fact]
    public void Run_WithOtherSettings_MakesAllAgain()
    {
        Picture("a.png", 1);
        Encode(quality: 20);
        long coarse = new FileInfo(Path.Combine(Output, "a.png.inr")).Length;

        Encode(quality: 60).Entries.Should().ContainSingle();
        new FileInfo(Path.Combine(Output, "a.png.inr")).Length.Should().BeGreaterThan(coarse);
        Encode(quality: 20).Entries.Should().ContainSingle("the file that is there has another quality by now");
    }

    [Theory]
    [InlineData("output gone")]
    [InlineData("output cut")]
    [InlineData("line torn")]
    [InlineData("line missing")]
    public void Run_AfterAKill_MakesOnlyWhatIsNotWhole(string state)
    {
        Picture("a.png", 1);
        Picture("b.png", 2);
        Encode(jobs: 1);
        string output = Path.Combine(Output, "b.png.inr"), part = Parts().Single();
        byte[] whole = File.ReadAllBytes(output);
        string[] lines = File.ReadAllLines(part);
        switch (state)
        {
            case "output gone":
                File.Delete(output);
                break;
            case "output cut":
                File.WriteAllBytes(output, whole[..10]);
                break;
            case "line torn":
                File.WriteAllText(part, lines[0] + "\n" + lines[1][..60]);
                break;
            default:
                File.WriteAllText(part, lines[0] + "\n");
                break;
        }

        Encode().Entries.Select(e => e.Source).Should().Equal("b.png");
        File.ReadAllBytes(output).Should().Equal(whole);
        Encode().Entries.Should().BeEmpty();
    }

    [Fact]
    public void Run_WithBadFilesAmongGoodOnes_MakesTheGoodOnesAndSaysWhyTheOthersFailed()
    {
        Picture("a.png", 1);
        Picture("z.png", 2);
        File.WriteAllText(Path.Combine(Source, "text.png"), "This is no picture.");
        File.WriteAllBytes(Path.Combine(Source, "empty.jpg"), []);
        File.WriteAllBytes(Path.Combine(Source, "cut.png"), File.ReadAllBytes(Path.Combine(Source, "a.png"))[..60]);
        File.WriteAllText(Path.Combine(Source, "notes.txt"), "no signal");

        var report = Encode();

        report.IsComplete.Should().BeFalse();
        report.Entries.Where(e => e.Failure is null).Select(e => e.Source).Should().Equal("a.png", "z.png");
        report.Failures.Select(e => e.Source).Should().Equal("cut.png", "empty.jpg", "text.png");
        report.Failures.Should().OnlyContain(e => e.Failure!.Length > 10 && e.Output == null);
        report.LeftOut.Should().Contain("1 file of another kind");
        Encode().Failures.Should().HaveCount(3, "what failed is tried again");
    }

    [Fact]
    public void Run_OfASizeThatCannotBe_SaysTheSmallest()
    {
        Picture("a.png", 1);
        var encoder = new FolderEncoder(signal => InrBuilder.ForImages(signal.Channels).UseCompressedFourier(o => o with { FileBytes = 3 }).Build(), "3 bytes");

        encoder.Run(Source, Output).Failures.Single().Failure.Should().MatchRegex(@"cannot be coded in 3 bytes; the smallest file has \d+");
    }

    [Fact]
    public void Run_InShares_MakesEachFileOnceAndWritesPartsOfTheirOwn()
    {
        for (int i = 0; i < 7; i++)
            Picture($"{i}.png", i);

        var reports = Enumerable.Range(1, 3).Select(i => Encode(shard: new FolderShard(i, 3))).ToList();

        reports.SelectMany(r => r.Entries).Select(e => e.Source).Should().BeEquivalentTo(Enumerable.Range(0, 7).Select(i => $"{i}.png"));
        Parts().Select(p => Path.GetFileName(p)[..12]).Should().BeEquivalentTo("shard-1-of-3", "shard-2-of-3", "shard-3-of-3");
        Encode().Kept.Should().HaveCount(7, "a run over all finds what the shares made");
    }

    [Fact]
    public async Task Run_TwiceAtTheSameTime_LeavesWholeFilesAndNothingElse()
    {
        for (int i = 0; i < 12; i++)
            Picture($"{i:00}.png", i);

        var reports = await Task.WhenAll(Task.Run(() => Encode()), Task.Run(() => Encode()));

        reports.Should().OnlyContain(r => r.IsComplete && r.Entries.Count + r.Kept.Count == 12);
        Directory.EnumerateFiles(Output).Should().HaveCount(12);
        foreach (string path in Directory.EnumerateFiles(Output))
            ImplicitRepresentation.Load(path).Dispose();
        Encode().Entries.Should().BeEmpty();
    }

    [Fact]
    public void Run_Cancelled_GoesOnWhereItStopped()
    {
        for (int i = 0; i < 6; i++)
            Picture($"{i}.png", i);
        using var source = new CancellationTokenSource();

        var stopped = Encode(jobs: 1, progress: new Progress(p =>
        {
            if (p.Done == 2)
                source.Cancel();
        }), cancellation: source.Token);

        stopped.IsCancelled.Should().BeTrue();
        stopped.Entries.Should().HaveCount(2);
        var rest = Encode();
        rest.Entries.Should().HaveCount(4);
        rest.Kept.Should().HaveCount(2);
        Lines().Should().HaveCount(6);
    }

    [Fact]
    public void Run_OnAFullDisk_EndsAndSaysSo()
    {
        for (int i = 0; i < 4; i++)
            Picture($"{i}.png", i);
        int fits = 0;
        var encoder = new FolderEncoder(signal => ++fits < 3 ? Fitter(signal, 30) : throw new InrFileException("Cannot write.", new FullDisk()), "quality 30");

        var report = encoder.Run(Source, Output, new FolderOptions { Jobs = 1 });

        report.StopReason.Should().Contain("is full");
        report.IsComplete.Should().BeFalse();
        report.Entries.Should().HaveCount(2);
        Encode(quality: 30).Entries.Should().HaveCount(2, "the next run goes on");
    }

    [Fact]
    public void Run_WithLittleMemory_WorksOnOneAtATime()
    {
        for (int i = 0; i < 8; i++)
            Picture($"{i}.png", i);
        int now = 0, most = 0;
        var encoder = new FolderEncoder(signal => new Watched(Fitter(signal, 30), () => most = Math.Max(most, Interlocked.Increment(ref now)), () => Interlocked.Decrement(ref now)), "watched");

        encoder.Run(Source, Output, new FolderOptions { Jobs = 4, MemoryBytes = 1 }).IsComplete.Should().BeTrue();

        most.Should().Be(1);
    }

    [Fact]
    public void Run_WithoutAFolder_Refuses()
    {
        FluentActions.Invoking(() => new FolderEncoder(s => Fitter(s, 1), "x").Run(Path.Combine(_root, "none"), Output)).Should().Throw<SignalLoadException>().WithMessage("*no such folder*");
        FluentActions.Invoking(() => Encode()).Should().Throw<SignalLoadException>().WithMessage("*holds no*");
    }

    [Fact]
    public void Decode_OfAnEncodedFolder_GivesPicturesAndSoundsAsFineAsTheirSource()
    {
        Picture("a.png", 1);
        Picture("sub/b.png", 2);
        Sound("sub/c.wav");
        Encode(quality: 60);

        var report = Decode();

        report.IsComplete.Should().BeTrue();
        report.Entries.Select(e => e.Output).Should().Equal("a.png", "sub/b.png", "sub/c.wav");
        foreach (var entry in report.Entries)
        {
            using var before = new SignalFile(Path.Combine(Source, entry.Output!)).Load();
            using var after = new SignalFile(Path.Combine(Decoded, entry.Output!)).Load();
            after.Format.Should().Be(before.Format);
            Psnr.Of(before, after).Should().BeGreaterThan(35);
            entry.DecodeSeconds.Should().BePositive();
        }

        Decode().Kept.Should().HaveCount(3);
    }

    [Fact]
    public void Decode_OfFilesThatWouldHaveOneName_KeepsThemApart()
    {
        Picture("a.png", 1);
        Encode();
        File.Copy(Path.Combine(Output, "a.png.inr"), Path.Combine(Output, "a.inr"));
        File.Copy(Path.Combine(Output, "a.png.inr"), Path.Combine(Output, "a.jpg.inr"));

        Decode().Entries.Select(e => e.Output).Should().BeEquivalentTo("a.png", "a.inr.png", "a.jpg.png");
    }

    [Fact]
    public void Decode_IntoItsOwnFolder_Refuses()
    {
        Picture("a.png", 1);
        new FolderEncoder(s => Fitter(s, 30), "30").Run(Source, Source);

        FluentActions.Invoking(() => FolderDecoder.Run(Source, Source)).Should().Throw<InrException>().WithMessage("*would replace*");
    }

    [Fact]
    public void Decode_WithADamagedFile_SaysWhichAndDecodesTheOthers()
    {
        Picture("a.png", 1);
        Picture("b.png", 2);
        Encode();
        File.WriteAllBytes(Path.Combine(Output, "b.png.inr"), [1, 2, 3]);

        var report = Decode();

        report.Failures.Single().Source.Should().Be("b.png.inr");
        report.Entries.Count(e => e.Failure is null).Should().Be(1);
    }

    private FolderReport Encode(double quality = 30, int jobs = 2, FolderShard? shard = null, IProgress<FolderProgress>? progress = null, CancellationToken cancellation = default) =>
        new FolderEncoder(signal => Fitter(signal, quality), $"quality {quality}").Run(
            Source, Output, new FolderOptions { Recursive = true, Jobs = jobs, Shard = shard ?? FolderShard.All }, progress, cancellation);

    private FolderReport Decode() => FolderDecoder.Run(Output, Decoded, new FolderOptions { Recursive = true, Jobs = 2 });

    private static ISignalFitter Fitter(Signal signal, double quality) => new CompressedFourierFitter(new CompressedFourierOptions { Quality = quality, Threads = 1 });

    private IEnumerable<string> Parts() => Directory.EnumerateFiles(Path.Combine(Output, "manifest"));

    private List<string> Lines() => [.. Parts().SelectMany(File.ReadAllLines)];

    private List<(string, DateTime)> Outputs() => [.. Directory.EnumerateFiles(Output, "*.inr", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(p => (p, File.GetLastWriteTimeUtc(p)))];

    private void Picture(string name, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[20 * 14 * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(100 + (i / 8 % 100) + random.Next(20));
        string path = Path.Combine(Source, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var signal = ImageSignal.FromPixels(pixels, 20, 14, 3);
        signal.SavePng(path);
    }

    private void Sound(string name)
    {
        string path = Path.Combine(Source, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var signal = AudioSignal.FromSamples([.. Enumerable.Range(0, 600).Select(i => (short)(8000 * Math.Sin(i / 7.0)))]);
        signal.SaveWav(path, 8000);
    }

    private sealed class Progress(Action<FolderProgress> report) : IProgress<FolderProgress>
    {
        public void Report(FolderProgress value) => report(value);
    }

    private sealed class FullDisk : IOException
    {
        public FullDisk() => HResult = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
    }

    private sealed class Watched(ISignalFitter inner, Action begin, Action end) : ISignalFitter
    {
        public ITargetFunction? Target => inner.Target;

        public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
        {
            begin();
            Thread.Sleep(5);
            var result = inner.Fit(context, progress, cancellationToken);
            end();
            return result;
        }

        public void Dispose() => inner.Dispose();
    }
}
