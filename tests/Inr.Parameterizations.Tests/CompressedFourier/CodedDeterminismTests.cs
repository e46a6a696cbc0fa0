using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>The bytes of a code and the samples that it stands for do not depend on threads or on the vectors of the machine.</summary>
/// <remarks>.NET hides vectors from a process by its environment, so that a child does the work: this assembly again, whose module initializer does it and ends.</remarks>
public sealed class CodedDeterminismTests
{
    private const string Threads = "INR_TEST_CODED_THREADS";

    private static readonly Lazy<string> Here = new(() => Digest(1));

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(1, "DOTNET_EnableAVX512")]
    [InlineData(2, "DOTNET_EnableAVX2")]
    [InlineData(1, "DOTNET_EnableHWIntrinsic")]
    public void BytesAndSamples_AreTheSame(int threads, string hidden)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(CodedDeterminismTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Threads] = threads.ToString(CultureInfo.InvariantCulture);
        if (hidden.Length > 0)
            start.Environment[hidden] = "0";
        using var process = Process.Start(start)!;
        string digest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        digest.Should().Be(Here.Value);
    }

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Threads) is not { } threads)
            return;
        Console.Write(Digest(int.Parse(threads, CultureInfo.InvariantCulture)));
        Environment.Exit(0);
    }

    private static string Digest(int threads)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Signal[] signals = [CodedPictures.Page(150, 140, 3), CodedPictures.Photo([90, 80], 3), CodedPictures.Photo([100, 70], 1, 0), CodedPictures.Photo([3000], 2, 0)];
        foreach (var signal in signals)
        {
            using var fitter = new CompressedFourierFitter(new CompressedFourierOptions { Quality = 30, Threads = threads, Refinements = signal == signals[1] ? 1 : 0 });
            using var fit = fitter.Fit(signal);
            using var stream = new MemoryStream();
            fit.Representation.Save(stream);
            hash.AppendData(stream.ToArray());
            using var picture = fit.Representation.Render();
            hash.AppendData(MemoryMarshal.AsBytes<float>(picture.Values.data<float>().ToArray()));
            signal.Dispose();
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
