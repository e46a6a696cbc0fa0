namespace Inr.Evaluation;

/// <summary>Pictures as the page holds them: tensors of shape [height,width,3] in [0,1], and PNG inside the markup.</summary>
internal static class Picture
{
    /// <summary>The samples of an image in three channels, in the caller's dispose scope.</summary>
    /// <param name="image">A signal on a grid of two axes.</param>
    public static Tensor Of(Signal image)
    {
        var values = image.Values.to(float32).reshape(image.Height(), image.Width(), image.Channels);
        // One or two channels are grey, with or without opacity; four have it as well. What is not opaque shows the white of the page.
        var colors = values.narrow(2, 0, image.Channels < 3 ? 1 : 3);
        if (image.Channels is 2 or 4)
        {
            var alpha = values.narrow(2, image.Channels - 1, 1).clamp(0, 1);
            colors = colors * alpha + (1 - alpha);
        }

        return colors.expand(-1, -1, 3).contiguous();
    }

    /// <summary>A picture of at most a width and height, each pixel the mean of those that it covers; small ones stay as they are.</summary>
    public static Tensor Shrink(Tensor picture, int side)
    {
        double scale = (double)side / Math.Max(picture.shape[0], picture.shape[1]);
        return scale >= 1 ? picture : Resize(picture, Math.Max(1, (int)(picture.shape[0] * scale)), Math.Max(1, (int)(picture.shape[1] * scale)));
    }

    /// <summary>Another size, by means of areas.</summary>
    public static Tensor Resize(Tensor picture, long height, long width) =>
        nn.functional.adaptive_avg_pool2d(picture.permute(2, 0, 1).unsqueeze(0), [height, width]).squeeze(0).permute(1, 2, 0).contiguous();

    /// <summary>Markup of a picture that lies inside the page.</summary>
    /// <param name="picture">Shape [height,width,3]; values outside [0,1] are cut.</param>
    /// <param name="description">What it shows, for those who do not see it.</param>
    /// <param name="enlarged">Whether its pixels should stay visible where it is enlarged.</param>
    public static string Markup(Tensor picture, string description, bool enlarged = false)
    {
        string size = FormattableString.Invariant($"width=\"{picture.shape[1]}\" height=\"{picture.shape[0]}\"");
        return $"<img {(enlarged ? "class=\"pixels\" " : "")}{size} alt=\"{Html.Escape(description)}\" src=\"data:image/png;base64,{Convert.ToBase64String(Encode(picture))}\">";
    }

    private static byte[] Encode(Tensor picture)
    {
        string file = Path.GetTempFileName() + ".png";
        try
        {
            using var signal = Signal.FromGrid(picture.clamp(0, 1), [(int)picture.shape[0], (int)picture.shape[1]]);
            signal.SavePng(file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
            File.Delete(Path.ChangeExtension(file, null));
        }
    }
}
