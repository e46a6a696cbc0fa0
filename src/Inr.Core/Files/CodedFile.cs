using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>The compact form of coded parameters: which function, in few bytes, and one stream of codes.</summary>
/// <remarks>
/// After the number of the form: the length of the description (seven bits a byte, the lowest first, bit 7 where more follow), the description (a
/// <see cref="CompactText"/> of a JSON object), the stream of a <see cref="CodedGroup"/>, and two bytes of a check sum of all before it.
/// </remarks>
internal static class CodedFile
{
    /// <summary>The number of the form.</summary>
    public const byte Form = 2;

    private const string TargetName = "target";
    private const string OptionsName = "options";
    private const string DomainName = "domain";
    private const string SamplesName = "samples";
    private const int CheckBytes = 2;
    private const int LongestKind = 80;
    private const int Polynomial = 0x1021;

    /// <summary>The bytes of a representation after the number of the form; null where its θ is no stream of codes.</summary>
    public static byte[]? Write(ImplicitRepresentation representation)
    {
        if (representation.Stored.Code is not { } code)
            return null;
        var description = new JsonObject
        {
            [TargetName] = representation.Target.Description.Kind,
            [OptionsName] = representation.Target.Description.Options.DeepClone(),
            [DomainName] = representation.Domain.ToJson(),
        };
        if (representation.Format is { } format)
            description[SamplesName] = format.ToJson();
        string text = description.ToJsonString();
        if (text.Length > CompactText.Longest / 4)
            return null;
        byte[] head = CompactText.Write(text);
        var bytes = new List<byte>();
        for (int n = head.Length; ; n >>= 7)
        {
            bytes.Add((byte)((n & 127) | (n > 127 ? 128 : 0)));
            if (n <= 127)
                break;
        }

        bytes.AddRange(head);
        bytes.AddRange(code.Bytes);
        int check = Check([.. bytes]);
        bytes.Add((byte)(check >> 8));
        bytes.Add((byte)check);
        return [.. bytes];
    }

    /// <summary>The inverse of <see cref="Write"/>.</summary>
    /// <exception cref="InrFileException">The bytes are damaged, or name a target function that is not known.</exception>
    public static CodedContent Read(byte[] bytes)
    {
        try
        {
            int at = 0, length = 0;
            for (int shift = 0; ; shift += 7)
            {
                if (at >= bytes.Length || shift > 14)
                    throw new FormatException("the length of its description is damaged.");
                length |= (bytes[at] & 127) << shift;
                if (bytes[at++] < 128)
                    break;
            }

            int end = bytes.Length - CheckBytes;
            if (length > end - at)
                throw new FormatException("it ends within its description.");
            if (Check(bytes.AsSpan(0, end)) != (bytes[end] << 8 | bytes[end + 1]))
                throw new FormatException("its check sum is wrong: it is damaged.");
            var text = StrictJson.ParseObject(CompactText.Read(bytes.AsMemory(at, length)));
            if (text[TargetName] is not JsonValue value || !value.TryGetValue(out string? kind) || kind.Length is 0 or > LongestKind || kind.Any(char.IsControl) || text[OptionsName] is not JsonObject options || text[DomainName] is not JsonObject domain)
                throw new FormatException("its description names no target function, options and domain.");
            var target = TargetRegistry.Create(new TargetDescription(kind, options));
            var grid = SignalDomain.FromJson(domain);
            if (target.InputDimension != grid.Dimension)
                throw new FormatException($"its target function takes {target.InputDimension} coordinates, but its domain is {grid}.");
            var format = text[SamplesName] is JsonObject samples ? SampleFormat.FromJson(samples) : null;
            var code = CodedGroup.Read(bytes[(at + length)..end], [.. target.Layout.Select(s => (s.Role, s.Shape))]);
            return new CodedContent(target, grid, format, code);
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new InrFileException(e.Message, e);
        }
    }

    // CRC-16 from the highest bit down, from 0xFFFF.
    private static int Check(ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b << 8;
            for (int i = 0; i < 8; i++)
                crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ Polynomial) & 0xFFFF : crc << 1;
        }

        return crc;
    }
}
