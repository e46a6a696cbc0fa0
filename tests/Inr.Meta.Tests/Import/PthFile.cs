using System.IO.Compression;
using System.Text;

namespace Inr.Tests.Import;

/// <summary>Makes files of torch.save's layout with any pickle in them, honest or not.</summary>
internal sealed class PthFile : IDisposable
{
    public PthFile(byte[] pickle, IReadOnlyDictionary<string, byte[]>? storages = null, CompressionLevel compression = CompressionLevel.NoCompression)
        : this(archive =>
        {
            Add(archive, "x/data.pkl", pickle, compression);
            foreach (var (key, bytes) in storages ?? new Dictionary<string, byte[]>())
                Add(archive, $"x/data/{key}", bytes, compression);
        })
    {
    }

    public PthFile(Action<ZipArchive> fill)
    {
        Path = System.IO.Path.GetTempFileName();
        using var stream = File.Create(Path);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        fill(archive);
    }

    public string Path { get; }

    public static void Add(ZipArchive archive, string name, byte[] bytes, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using var entry = archive.CreateEntry(name, compression).Open();
        entry.Write(bytes);
    }

    /// <summary>Joins opcodes (numbers) and text (as its ASCII bytes).</summary>
    public static byte[] Pickle(params object[] parts) => [0x80, 2, .. parts.SelectMany(p => p switch
    {
        string s => Encoding.UTF8.GetBytes(s),
        int b => [(byte)b],
        byte[] bytes => bytes,
        _ => throw new ArgumentException("text or bytes"),
    })];

    /// <summary>The opcode and bytes of a string.</summary>
    public static byte[] Unicode(string text) => [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A tensor of a storage "0" of <paramref name="count"/> numbers.</summary>
    public static byte[] Tensor(int count, int size, int stride = 1, int offset = 0, string storage = "torch\nFloatStorage\n") => Pickle(
        "ctorch._utils\n_rebuild_tensor_v2\n", "(", "(", Unicode("storage"), "c" + storage, Unicode("0"), Unicode("cpu"), "J", BitConverter.GetBytes(count), "t", "Q",
        "J", BitConverter.GetBytes(offset), "J", BitConverter.GetBytes(size), 0x85, "J", BitConverter.GetBytes(stride), 0x85, 0x89, "ccollections\nOrderedDict\n", ")", "R", "t", "R")[2..];

    public void Dispose() => File.Delete(Path);
}
