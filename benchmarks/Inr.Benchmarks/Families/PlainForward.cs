namespace Inr.Benchmarks.Families;

/// <summary>The forward passes as a TorchSharp user writes them from the papers: the arithmetic of the library, without it.</summary>
internal static class PlainForward
{
    private const int EncodingSize = 128;
    private const double MaxFrequency = 1024;

    /// <summary>SIREN with ω₀ = 30: <c>h ← sin(30(Wh + b))</c>, a linear last layer, +0.5.</summary>
    public static Tensor Siren(Tensor x, IReadOnlyList<Tensor> w)
    {
        var h = x;
        for (int i = 0; i < w.Count - 2; i += 2)
            h = sin(30 * nn.functional.linear(h, w[i], w[i + 1]));
        return nn.functional.linear(h, w[^2], w[^1]) + 0.5;
    }

    /// <summary>A ReLU perceptron on the geometric frequencies of Trans-INR.</summary>
    public static Tensor ReluMlp(Tensor x, IReadOnlyList<Tensor> w)
    {
        var frequencies = exp(linspace(0, Math.Log(MaxFrequency), EncodingSize / 2));
        var phase = (x.unsqueeze(-1) * frequencies).flatten(1) * Math.PI;
        return Relu(cat([phase.cos(), phase.sin()], -1), w);
    }

    /// <summary>A ReLU perceptron on random Fourier features with the frequencies B [m,d].</summary>
    public static Tensor FourierFeatureMlp(Tensor x, Tensor frequencies, IReadOnlyList<Tensor> w)
    {
        var phase = nn.functional.linear((x + 1) / 2, frequencies) * (2 * Math.PI);
        return Relu(cat([phase.cos(), phase.sin()], -1), w);
    }

    /// <summary>Cosines on a grid of n×n cells of an image, each cut by a soft straight line.</summary>
    /// <param name="x">Coordinates [N,2].</param>
    /// <param name="w">Cuts [n²,2] (angle, offset) and coefficients [2n²,T,c].</param>
    /// <param name="cells">Cells n along an axis.</param>
    /// <param name="frequencies">The T pairs of frequencies, shape [T,2].</param>
    /// <param name="width">The width of the soft indicators.</param>
    public static Tensor CellFourier(Tensor x, IReadOnlyList<Tensor> w, int cells, Tensor frequencies, double width)
    {
        var place = (x + 1) * (cells / 2.0);
        var cell = place.floor().clamp(0, cells - 1);
        var local = place - cell;
        var index = (cell.select(1, 0) * cells + cell.select(1, 1)).to(int64);
        var cut = w[0].index_select(0, index);
        var angle = cut.select(1, 0);
        var centred = local * 2 - 1;
        var distance = centred.select(1, 0) * angle.cos() + centred.select(1, 1) * angle.sin() - cut.select(1, 1);
        var second = (distance / width).sigmoid().unsqueeze(1);
        var functions = (local.unsqueeze(1) * frequencies * Math.PI).cos().prod(2);
        var rows = cat([(1 - second) * functions, second * functions], 1);
        long channels = w[1].shape[2];
        var coefficients = w[1].reshape(cells * cells, rows.shape[1], channels).index_select(0, index);
        return bmm(rows.unsqueeze(1), coefficients).squeeze(1);
    }

    private static Tensor Relu(Tensor h, IReadOnlyList<Tensor> w)
    {
        for (int i = 0; i < w.Count - 2; i += 2)
            h = nn.functional.relu(nn.functional.linear(h, w[i], w[i + 1]));
        return nn.functional.linear(h, w[^2], w[^1]) + 0.5;
    }
}
