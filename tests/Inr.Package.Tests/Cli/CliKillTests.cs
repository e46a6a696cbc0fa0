using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Inr.Package.Tests.Cli;

/// <summary>A training that is killed (SIGKILL, at any moment) loses at most the steps since its last checkpoint.</summary>
public sealed class CliKillTests : IDisposable
{
    private const int RandomKills = 3;
    private const int AimedKills = 5;
    private const string Checkpoint = "killed.checkpoint";

    // Some megabytes with Adam's memory: a write takes long enough to be met by a kill.
    private static readonly string[] Training =
    [
        "meta-train", "--data", "pictures", "--learner", "reptile", "--inner-steps", "1", "--target", "siren", "--width", "256", "--depth", "5",
        "--size", "8", "--batch", "1", "--threads", "1", "--device", "cpu",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("inr-kill-").FullName;
    private readonly CliProcess _inr;

    public CliKillTests()
    {
        _inr = CliProcess.Inr(_folder);
        Directory.CreateDirectory(PathOf("pictures"));
        for (int i = 0; i < 3; i++)
            File.WriteAllBytes(PathOf($"pictures/{i}.png"), TestPng.Create(8 + i, 8));
    }

    [Fact]
    public void Training_KilledAgainAndAgain_GoesOnFromItsLastCheckpoint()
    {
        var random = new Random(1);
        int step = 0;
        int torn = 0;
        // The first kills meet the process anywhere, the others are aimed at a write: one may still come too late.
        for (int kill = 0; kill < RandomKills + AimedKills && (kill < RandomKills || torn == 0); kill++)
        {
            using var process = Start(resume: kill > 0);
            int reached = WaitForStep(process, step + 1);
            if (kill < RandomKills)
                Thread.Sleep(random.Next(150));
            else
                WaitForWrite(process);
            Kill(process);

            string[] unfinished = Directory.GetFiles(_folder, ".inr-*.tmp");
            torn += unfinished.Length;
            Array.ForEach(unfinished, File.Delete);
            // Complete, and as new as what was there before the kill.
            int kept = StepOf(PathOf(Checkpoint));
            kept.Should().BeGreaterThanOrEqualTo(reached);
            step = kept;
        }

        torn.Should().BePositive("a kill should have met a write");

        // Two more steps after all this are those of a run that was never interrupted.
        string end = (step + 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        _inr.Run([.. Training, "--steps", end, "--out", "killed.inr-learner", "--resume", Checkpoint]).ShouldSucceed();
        _inr.Run([.. Training, "--steps", end, "--out", "whole.inr-learner"]).ShouldSucceed();
        File.ReadAllBytes(PathOf("killed.inr-learner")).Should().Equal(File.ReadAllBytes(PathOf("whole.inr-learner")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private Process Start(bool resume)
    {
        string[] more = resume ? ["--resume", Checkpoint] : [];
        var process = _inr.Start([.. Training, "--steps", "1000000", "--checkpoint-every", "1", "--out", "killed.inr-learner", .. more]);
        // Nobody reads: a full pipe would stop the process.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    // The step of the newest checkpoint, once it is that of a given step or a later one.
    private int WaitForStep(Process process, int least)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (File.Exists(PathOf(Checkpoint)) && StepOf(PathOf(Checkpoint)) is var step && step >= least)
                return step;
            RequireAlive(process, clock);
            Thread.Sleep(5);
        }
    }

    private void WaitForWrite(Process process)
    {
        var clock = Stopwatch.StartNew();
        while (!Directory.EnumerateFiles(_folder, ".inr-*.tmp").Any())
            RequireAlive(process, clock);
    }

    private static void RequireAlive(Process process, Stopwatch clock)
    {
        if (process.HasExited)
            throw new InvalidOperationException($"The training ended by itself: {process.StandardError.ReadToEnd()}");
        if (clock.Elapsed > Patience)
            throw new TimeoutException($"No checkpoint within {Patience}.");
    }

    private static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit(Patience).Should().BeTrue();
    }

    // Reads the file as the format says, without the library: the header's length, the header, and all numbers that it names.
    private static int StepOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        int length = (int)reader.ReadInt64();
        using var header = JsonDocument.Parse(reader.ReadBytes(length));
        long numbers = header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__").Max(e => e.Value.GetProperty("data_offsets")[1].GetInt64());
        stream.Length.Should().Be(8 + length + numbers, "a checkpoint is complete or not there");
        return int.Parse(header.RootElement.GetProperty("__metadata__").GetProperty("inr.training.step").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
