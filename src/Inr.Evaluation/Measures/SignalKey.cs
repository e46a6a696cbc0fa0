using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inr.Evaluation;

/// <summary>Tells signals apart by what they hold, so that a stored result is never taken for that of another signal.</summary>
public static class SignalKey
{
    private const int LongestStem = 40;
    private const int HashDigits = 12;

    /// <summary>A name for files: the start of the signal's name and a hash of its name, domain and samples.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>Letters, digits, <c>_</c> and <c>-</c>; at most 53 of them.</returns>
    public static string Of(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        byte[] hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(signal.Name), 0, .. Content(signal)]);
        string name = Path.GetFileNameWithoutExtension(signal.Name);
        string stem = new([.. (name.Length > 0 ? name : "signal").Take(LongestStem).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        return $"{stem}-{Convert.ToHexString(hash)[..HashDigits].ToLowerInvariant()}";
    }

    /// <summary>The seed of the random choices that concern a signal: another one for other samples or another seed.</summary>
    internal static ulong Stream(Signal signal, long seed)
    {
        byte[] hash = SHA256.HashData([.. Content(signal), .. BitConverter.GetBytes(seed)]);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static byte[] Content(Signal signal)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{signal.Domain}; {signal.Channels}; {signal.Values.dtype}")));
        Append(hash, signal.Values);
        // A grid's coordinates follow from its shape.
        if (!signal.Domain.IsGrid)
            Append(hash, signal.Coordinates);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        hash.AppendData(tensor.detach().cpu().contiguous().bytes);
    }
}
