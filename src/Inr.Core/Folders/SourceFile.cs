using System.Security.Cryptography;
using Inr.Files;

namespace Inr.Folders;

/// <summary>A file to work on.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path in the folder, with <c>/</c> between names.</param>
/// <param name="Bytes">Its size when it was listed.</param>
internal sealed record SourceFile(string Path, string Name, long Bytes)
{
    /// <summary>SHA-256 of a file, in hexadecimal; null where it cannot be read.</summary>
    public static string? HashOf(string path)
    {
        try
        {
            using var stream = InputFile.Open(path);
            return Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InrFileException)
        {
            return null;
        }
    }
}
