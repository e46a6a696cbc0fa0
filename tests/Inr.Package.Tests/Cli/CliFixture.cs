using System.Buffers.Binary;
using System.Text;

namespace Inr.Package.Tests.Cli;

/// <summary>A folder with small signals, good and bad ones, and a fitted representation.</summary>
public sealed class CliFixture : IDisposable
{
    /// <summary>Prepares the folder.</summary>
    public CliFixture()
    {
        Folder = Directory.CreateTempSubdirectory("inr-cli-").FullName;
        Inr = CliProcess.Inr(Folder);
        Studies = CliProcess.Studies(Folder);
        byte[] photo = TestPng.Create(16, 12);
        Write("photo.png", photo);
        Write("pixel.png", TestPng.Create(1, 1));
        Write("empty.png", []);
        Write("truncated.png", photo[..60]);
        Write("text.png", Encoding.UTF8.GetBytes("This is no picture.\n"));
        Inr.Run("fit", "photo.png", "--target", "siren", "--width", "8", "--steps", "5", "--threads", "1", "--out", "photo.inr").ShouldSucceed();

        byte[] good = File.ReadAllBytes(PathOf("photo.inr"));
        Write("truncated.inr", good[..100]);
        Write("vast.inr", [.. BitConverter.GetBytes(1UL << 60), .. "{}"u8]);
        Write("newer.inr", WithHeader(good, header => header.Replace("\"inr.format_version\":\"2\"", "\"inr.format_version\":\"9\"", StringComparison.Ordinal)));
        Write("unknown.inr", WithHeader(good, header => header.Replace("\"inr.target\":\"siren\"", "\"inr.target\":\"sirex\"", StringComparison.Ordinal)));
        Write("half.inr", WithHeader(good, header => header.Replace("F32", "F16", StringComparison.Ordinal)));
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Runs the command in the folder.</summary>
    public CliProcess Inr { get; }

    /// <summary>Runs studies in the folder.</summary>
    public CliProcess Studies { get; }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string name, byte[] content) => File.WriteAllBytes(PathOf(name), content);

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
