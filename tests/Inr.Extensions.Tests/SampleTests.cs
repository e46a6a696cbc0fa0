namespace Inr.Examples;

/// <summary>Every sample runs on its own and writes what its page says.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-samples").FullName;

    public static TheoryData<string, Action<string>, string> Samples => new()
    {
        { "picture", Tasks.Picture.Run, "photo-2x.png" },
        { "sound", Tasks.Sound.Run, "sound.wav" },
        { "points", Tasks.ScatteredPoints.Run, "heights.inr" },
        { "shape", Tasks.Shape.Run, "sphere.inr" },
        { "volume", Tasks.Volume.Run, "slice.png" },
        { "small-file", Tasks.SmallFile.Run, "small.inr" },
        { "prior", Tasks.Prior.Run, "blobs.learner" },
        { "derivatives", Tasks.Derivatives.Run, "edges.png" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public void Sample_Runs_AndWritesItsFile(string name, Action<string> run, string file)
    {
        run(_folder);
        new FileInfo(Path.Combine(_folder, file)).Length.Should().BePositive(name);
    }
}
