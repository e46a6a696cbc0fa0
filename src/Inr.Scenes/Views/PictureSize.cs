namespace Inr.Scenes;

/// <summary>Sizes to which pictures are resized.</summary>
internal static class PictureSize
{
    /// <summary>The largest size of a picture's aspect in a box, to whole pixels.</summary>
    public static ImageSize Within(ImageSize picture, ImageSize box)
    {
        // Compared in whole numbers, so that the side that decides has exactly the length of the box.
        bool byWidth = (long)picture.Height * box.Width <= (long)picture.Width * box.Height;
        return byWidth
            ? new ImageSize(Scaled(picture.Height, box.Width, picture.Width), box.Width)
            : new ImageSize(box.Height, Scaled(picture.Width, box.Height, picture.Height));
    }

    private static int Scaled(int side, int target, int other) => Math.Max(1, (int)Math.Round((double)side * target / other, MidpointRounding.AwayFromZero));
}
