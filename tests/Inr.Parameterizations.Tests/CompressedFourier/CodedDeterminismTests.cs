using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>The bytes of a code and the samples that it stands for do not depend on threads or on the vectors of the machine.</summary>
public sealed class CodedDeterminismTests
{
    private static readonly Lazy<string> Here = new(() => Digest(1));

    [Theory]
    [MemberData(nameof(OtherMachine.All), MemberType = typeof(OtherMachine))]
    public void BytesAndSamples_AreTheSame(int threads, string hidden, int widest)
    {
        string digest = OtherMachine.Run(nameof(CodedDeterminismTests), threads, hidden, widest);
        digest.Should().Be(Here.Value);
    }

    internal static string Digest(int threads)
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
