namespace Inr.Meta;

/// <summary>Cuts images into patches that do not overlap.</summary>
public static class PatchUnfold
{
    /// <summary>The patches of images, row by row; inside a patch the order is (channel, row, column).</summary>
    /// <param name="images">Shape [B,S,S,c].</param>
    /// <param name="patch">The side of a patch.</param>
    /// <param name="padding">Zeros on each side of the image; S + 2·padding is a multiple of the patch.</param>
    /// <returns>Shape [B,L,c·patch²] with L = ((S + 2·padding)/patch)².</returns>
    public static Tensor Apply(Tensor images, int patch, int padding)
    {
        using var scope = NewDisposeScope();
        var padded = padding == 0 ? images : nn.functional.pad(images, [0L, 0L, padding, padding, padding, padding]);
        long batch = padded.shape[0];
        long side = padded.shape[1] / patch;
        long channels = padded.shape[3];
        return padded.reshape(batch, side, patch, side, patch, channels)
            .permute(0, 1, 3, 5, 2, 4)
            .reshape(batch, side * side, channels * patch * patch)
            .MoveToOuterDisposeScope();
    }
}
