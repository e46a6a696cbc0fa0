using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Inr.Tests;

/// <summary>A second reading of the safetensors specification, which shares no code with the library: it judges what the library writes.</summary>
internal static class SafeTensorsSpec
{
    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["I64"] = 8,
        ["F64"] = 8,
        ["F32"] = 4,
        ["I32"] = 4,
        ["BF16"] = 2,
        ["F16"] = 2,
        ["I16"] = 2,
        ["I8"] = 1,
        ["U8"] = 1,
        ["BOOL"] = 1,
    };

    internal sealed record Entry(string Name, string DType, long[] Shape, byte[] Data);

    internal static (Dictionary<string, string> Metadata, List<Entry> Entries) Parse(byte[] file)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        (length % 8).Should().Be(0, "the header is padded to 8 bytes");
        string header = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file, 8, (int)length);
        header[0].Should().Be('{');
        header[(header.LastIndexOf('}') + 1)..].Should().MatchRegex("^ {0,7}$", "only spaces pad the header");

        var metadata = new Dictionary<string, string>();
        var entries = new List<Entry>();
        byte[] data = file[(8 + (int)length)..];
        int expected = 0;
        foreach (var property in JsonDocument.Parse(header).RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                metadata = property.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
                continue;
            }

            property.Value.EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(["dtype", "shape", "data_offsets"]);
            string dtype = property.Value.GetProperty("dtype").GetString()!;
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            int[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt32())];
            offsets[0].Should().Be(expected, "the tensors follow one another without holes");
            (offsets[1] - offsets[0]).Should().Be((int)shape.Aggregate((long)Sizes[dtype], (a, b) => a * b));
            ((8 + (int)length + offsets[0]) % Sizes[dtype]).Should().Be(0, "every tensor is aligned");
            entries.Add(new Entry(property.Name, dtype, shape, data[offsets[0]..offsets[1]]));
            expected = offsets[1];
        }

        data.Length.Should().Be(expected, "the last tensor ends with the file");
        return (metadata, entries);
    }

    /// <summary>A file with any header text and any data, valid or not.</summary>
    internal static byte[] Build(string header, int dataBytes = 0, ulong? length = null) => Build(Encoding.UTF8.GetBytes(header), dataBytes, length);

    internal static byte[] Build(byte[] header, int dataBytes = 0, ulong? length = null)
    {
        byte[] file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length ?? (ulong)header.Length);
        header.CopyTo(file, 8);
        return file;
    }
}
