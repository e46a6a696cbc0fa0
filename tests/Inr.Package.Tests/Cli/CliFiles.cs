using System.Buffers.Binary;
using System.Text;

namespace Inr.Package.Tests.Cli;

/// <summary>Small signals, good and bad ones, and a fitted representation, for tests of the command line.</summary>
internal static class CliFiles
{
    /// <summary>Writes them to a folder, which is the current one of the command.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="run">Runs the command there.</param>
    public static void Prepare(string folder, Func<string[], CliResult> run)
    {
        void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(folder, name), content);

        byte[] photo = TestPng.Create(16, 12);
        Write("photo.png", photo);
        Write("pixel.png", TestPng.Create(1, 1));
        Write("empty.png", []);
        Write("truncated.png", photo[..60]);
        Write("text.png", Encoding.UTF8.GetBytes("This is no picture.\n"));
        run(["fit", "photo.png", "--target", "siren", "--width", "8", "--steps", "5", "--threads", "1", "--out", "photo.inr"]).ShouldSucceed();

        byte[] good = File.ReadAllBytes(Path.Combine(folder, "photo.inr"));
        Write("truncated.inr", good[..100]);
        Write("vast.inr", [.. BitConverter.GetBytes(1UL << 60), .. "{}"u8]);
        Write("newer.inr", WithHeader(good, header => header.Replace("\"inr.format_version\":\"2\"", "\"inr.format_version\":\"9\"", StringComparison.Ordinal)));
        Write("unknown.inr", WithHeader(good, header => header.Replace("\"inr.target\":\"siren\"", "\"inr.target\":\"sirex\"", StringComparison.Ordinal)));
        Write("half.inr", WithHeader(good, header => header.Replace("F32", "F16", StringComparison.Ordinal)));
    }

    // A safetensors file is the length of its header (8 bytes, little endian), the header as JSON, and the numbers.
    private static byte[] WithHeader(byte[] file, Func<string, string> change)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string before = Encoding.UTF8.GetString(file, 8, length);
        string after = change(before);
        after.Should().NotBe(before, "the header must hold what the test changes");
        byte[] header = Encoding.UTF8.GetBytes(after);
        var result = new byte[8 + header.Length + file.Length - 8 - length];
        BinaryPrimitives.WriteInt64LittleEndian(result, header.Length);
        header.CopyTo(result, 8);
        file.AsSpan(8 + length).CopyTo(result.AsSpan(8 + header.Length));
        return result;
    }
}
