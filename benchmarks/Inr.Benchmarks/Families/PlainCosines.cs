namespace Inr.Benchmarks.Families;

/// <summary>The transform of JPEG by hand: square blocks of a colour image, the lowest cosines of each, as many in every block.</summary>
/// <remarks>
/// It spends the floats evenly, where <c>block-cosine</c> of the library also chooses the side of the blocks and how many
/// terms each keeps: less work, and a worse picture at equal floats. One block over the image is <c>global-cosine</c>.
/// </remarks>
internal static class PlainCosines
{
    /// <summary>The coefficients [blocks,c,side,side] of an image [H,W,c], zero above the kept ones.</summary>
    public static Tensor Fit(Tensor image, int side, int kept)
    {
        var basis = Basis(side, side);
        long rows = image.shape[0] / side;
        long columns = image.shape[1] / side;
        var blocks = image.reshape(rows, side, columns, side, image.shape[2]).permute(0, 2, 4, 1, 3).reshape(-1, side, side);
        // X = E C Eᵀ with E of orthogonal columns of norms n, so C = diag(1/n²) Eᵀ X E diag(1/n²).
        var analysis = (basis / basis.square().sum(0)).t();
        var coefficients = Both(analysis, blocks);
        var u = arange(side, dtype: float32);
        var length = (u.square().unsqueeze(0) + u.square().unsqueeze(1)).flatten();
        var mask = zeros(side * side).index_fill_(0, length.argsort().narrow(0, 0, kept), 1).reshape(side, side);
        return (coefficients * mask).reshape(rows * columns, image.shape[2], side, side);
    }

    /// <summary>The picture of <paramref name="size"/>² pixels.</summary>
    public static Tensor Render(Tensor coefficients, int size)
    {
        long side = coefficients.shape[3];
        long channels = coefficients.shape[1];
        int across = (int)Math.Sqrt(coefficients.shape[0]);
        int drawn = size / across;
        var pixels = Both(Basis(drawn, side), coefficients.reshape(-1, side, side));
        return pixels.reshape(across, across, channels, drawn, drawn).permute(0, 3, 1, 4, 2).reshape(size, size, channels);
    }

    private static Tensor Both(Tensor matrix, Tensor blocks)
    {
        var all = matrix.unsqueeze(0).expand(blocks.shape[0], -1, -1);
        return bmm(bmm(all, blocks), all.transpose(1, 2));
    }

    // cos(π u (2i+1)/(2n)) for n places and the first frequencies.
    private static Tensor Basis(long places, long frequencies) =>
        ((arange(places, dtype: float32).unsqueeze(1) * 2 + 1) * arange(frequencies, dtype: float32) * (Math.PI / (2 * places))).cos();
}
