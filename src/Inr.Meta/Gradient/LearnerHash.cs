using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inr.Meta;

/// <summary>Tells learners apart by what they learned, so that a code is never decoded by another one.</summary>
internal static class LearnerHash
{
    private const int Digits = 32;

    // A span of bytes ends at 2 GB.
    private const long PieceNumbers = 1 << 24;

    /// <summary>The hash of the weights and of how they make up θ; the same on every device.</summary>
    /// <param name="weights">The learner's weights.</param>
    /// <param name="options">How a latent modulates: what two learners of equal weights could still differ in.</param>
    public static string Of(IReadOnlyList<MetaWeight> weights, GradientMetaOptions options) =>
        Of(weights, string.Create(CultureInfo.InvariantCulture, $"{options.Adapt} {options.Modulation} {string.Join(',', options.ModulatedLayers)}"));

    /// <summary>The same for a learner of any kind.</summary>
    /// <param name="weights">The learner's weights.</param>
    /// <param name="how">In words how they make up θ.</param>
    public static string Of(IReadOnlyList<MetaWeight> weights, string how)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, how);
        foreach (var weight in weights)
        {
            using var scope = NewDisposeScope();
            Append(hash, $"{weight.Name} {weight.Tensor.dtype} {Shapes.Text(weight.Tensor)}");
            var flat = weight.Tensor.detach().cpu().contiguous().view(-1);
            for (long start = 0; start < flat.shape[0]; start += PieceNumbers)
                hash.AppendData(flat.narrow(0, start, Math.Min(PieceNumbers, flat.shape[0] - start)).bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..Digits].ToLowerInvariant();
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
