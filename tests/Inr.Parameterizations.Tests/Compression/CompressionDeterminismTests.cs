using System.Security.Cryptography;

namespace Inr.Parameterizations.Tests.Compression;

/// <summary>A file that was written once gives the same θ, bit for bit, and the same picture of 8 bits, whatever the threads and the vectors of the machine.</summary>
public sealed class CompressionDeterminismTests
{
    // A SIREN 2-9×3-3 with a seeded start, of 237 numbers and 40×50 samples. A file of this version has to be read for good.
    private const string File =
        "iUlOUgIWkmP9+wcvtVfakulZNRAf3fR0Ig4KcH+CSaFDtN0+28m65AkCk/x8ZT9jydDkzIgrDBP9C9pIFHVhWZkz4LFPwjf277DcqRZrMRDoIXPLCnZ+3R10/i/VPW5ahnjAqwgN+JwoAeQtcxfTIDaS0W3maUOTQwQ0"
        + "Bnn+BQMbN3tU0O6WMQz76SWWlhQyfBJOY7E3++Cnl5qZwpyHzR+ZXBZN3JvZn+jyj4C6hk0rd3lhZiV1iMfayYpH04Htk9+VyXhsv7VEUns=";

    private const string Parameters = "2A226796774BFADCF59D0F5AD21471CC22522FAC418B692DB86028780C18C4DA";

    private static readonly Lazy<string> Here = new(() => Digest(1));

    [Theory]
    [MemberData(nameof(OtherMachine.All), MemberType = typeof(OtherMachine))]
    public void ParametersAndPicture_AreTheSame(int threads, string hidden, int widest)
    {
        string digest = OtherMachine.Run(nameof(CompressionDeterminismTests), threads, hidden, widest);
        digest.Should().StartWith(Parameters);
        digest.Should().Be(Here.Value);
    }

    [Fact]
    public void Info_SaysTargetCountsAndBytes()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.inr");
        try
        {
            System.IO.File.WriteAllBytes(path, Convert.FromBase64String(File));
            var info = InrFile.ReadInfo(path);
            (info.Kind, info.Bits, info.StoredBytes).Should().Be(("siren", 1384, 203));
            info.Domain.Should().Be(SignalDomain.Grid(40, 50));
            info.Storage["0.weight"].Should().Be("coded");
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    internal static string Digest(int threads)
    {
        using var scope = NewDisposeScope();
        torch.set_num_threads(threads);
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(Convert.FromBase64String(File)));
        byte[] numbers = SHA256.HashData(loaded.Parameters.Tensors.SelectMany(t => t.bytes.ToArray()).ToArray());
        using var picture = loaded.Render();
        byte[] samples = SHA256.HashData(picture.Values.clamp(0, 1).mul(255).round().to(ScalarType.Byte).contiguous().bytes.ToArray());
        return $"{Convert.ToHexString(numbers)} {Convert.ToHexString(samples)}";
    }
}
