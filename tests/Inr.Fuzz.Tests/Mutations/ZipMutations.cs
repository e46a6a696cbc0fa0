using System.IO.Compression;

namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations inside a zip archive: the archive stays sound, what is in it does not.</summary>
internal static class ZipMutations
{
    /// <summary>Changes one of the parts.</summary>
    /// <param name="inside">How a part is changed.</param>
    /// <param name="level">How parts are packed again.</param>
    public static Mutation Part(Mutation inside, CompressionLevel level) => (file, random) =>
    {
        var parts = new List<(string Name, byte[] Content)>();
        using (var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read))
        {
            foreach (var entry in archive.Entries)
            {
                using var stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                parts.Add((entry.FullName, content.ToArray()));
            }
        }

        int chosen = random.Next(parts.Count);
        switch (random.Next(12))
        {
            case 0:
                parts.RemoveAt(chosen);
                break;
            case 1:
                parts.Add(parts[chosen]);
                break;
            case 2:
                parts[chosen] = (parts[random.Next(parts.Count)].Name, parts[chosen].Content);
                break;
            default:
                parts[chosen] = (parts[chosen].Name, inside(parts[chosen].Content, random));
                break;
        }

        using var result = new MemoryStream();
        using (var archive = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return result.ToArray();
    };
}
