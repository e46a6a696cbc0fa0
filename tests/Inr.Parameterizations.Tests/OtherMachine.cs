using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Inr.Parameterizations.Tests.CompressedFourier;
using Inr.Parameterizations.Tests.Compression;

namespace Inr.Parameterizations.Tests;

/// <summary>Runs work of a test on a machine with fewer threads or without some of the vectors of this one.</summary>
/// <remarks>.NET hides vectors from a process by its environment, so that a child does the work: this assembly again, whose module initializer does it and ends.</remarks>
internal static class OtherMachine
{
    private const string Work = "INR_TEST_WORK";
    private const string Threads = "INR_TEST_WORK_THREADS";
    private const int Widest = 512;

    private static readonly Dictionary<string, Func<int, string>> Works = new()
    {
        [nameof(CodedDeterminismTests)] = CodedDeterminismTests.Digest,
        [nameof(CompressionDeterminismTests)] = CompressionDeterminismTests.Digest,
    };

    /// <summary>The machines: threads, the variable that hides vectors, and the widest vectors that may be left, in bits.</summary>
    public static TheoryData<int, string, int> All => new()
    {
        { 1, "", Widest },
        { 2, "", Widest },
        { 1, "DOTNET_EnableAVX512", 256 },
        { 2, "DOTNET_EnableAVX2", 128 },
        { 1, "DOTNET_EnableHWIntrinsic", 128 },
    };

    /// <summary>What the work gives there; the vectors are really hidden.</summary>
    /// <param name="work">The name of the test class.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="hidden">The variable that is 0 there; empty for none.</param>
    /// <param name="widest">The widest vectors that may be left, in bits.</param>
    public static string Run(string work, int threads, string hidden, int widest)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(OtherMachine).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Work] = work;
        start.Environment[Threads] = threads.ToString(CultureInfo.InvariantCulture);
        if (hidden.Length > 0)
            start.Environment[hidden] = "0";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string[] parts = output.Split('|');
        parts.Should().HaveCount(2, output);
        int.Parse(parts[0], CultureInfo.InvariantCulture).Should().BeLessThanOrEqualTo(widest, $"{hidden} hides wider vectors");
        return parts[1];
    }

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Work) is not { } work)
            return;
        int vectors = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        string result = Works[work](int.Parse(Environment.GetEnvironmentVariable(Threads)!, CultureInfo.InvariantCulture));
        Console.Write(FormattableString.Invariant($"{vectors}|{result}"));
        Environment.Exit(0);
    }
}
