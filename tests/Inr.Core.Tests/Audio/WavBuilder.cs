using System.Text;

namespace Inr.Tests;

/// <summary>A literal WAV writer with every field open to damage.</summary>
internal sealed class WavBuilder
{
    public int Tag { get; init; } = 1;

    public int Channels { get; init; } = 1;

    public uint SampleRate { get; init; } = 8000;

    public int Bits { get; init; } = 16;

    public int? FrameBytes { get; init; }

    public byte[] Data { get; init; } = [1, 0, 2, 0];

    public uint? DataLength { get; init; }

    /// <summary>The first four bytes.</summary>
    public string Magic { get; init; } = "RIFF";

    /// <summary>The length of the file without the first eight bytes.</summary>
    public uint? FileLength { get; init; }

    /// <summary>Bytes of the format chunk beyond the usual 16.</summary>
    public byte[] Extension { get; init; } = [];

    /// <summary>Chunks before the data.</summary>
    public (string Name, byte[] Content)[] Extra { get; init; } = [];

    public byte[] Build()
    {
        var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        writer.Write(Encoding.ASCII.GetBytes("WAVEfmt "));
        writer.Write(16 + Extension.Length);
        int frame = FrameBytes ?? Channels * ((Bits + 7) / 8);
        writer.Write((ushort)Tag);
        writer.Write((ushort)Channels);
        writer.Write(SampleRate);
        writer.Write((uint)(SampleRate * frame));
        writer.Write((ushort)frame);
        writer.Write((ushort)Bits);
        writer.Write(Extension);
        foreach (var (name, content) in Extra)
        {
            writer.Write(Encoding.ASCII.GetBytes(name));
            writer.Write(content.Length);
            writer.Write(content);
            if (content.Length % 2 == 1)
                writer.Write((byte)0);
        }

        writer.Write(Encoding.ASCII.GetBytes("data"));
        writer.Write(DataLength ?? (uint)Data.Length);
        writer.Write(Data);
        return [.. Encoding.ASCII.GetBytes(Magic), .. BitConverter.GetBytes(FileLength ?? (uint)body.Length), .. body.ToArray()];
    }
}
