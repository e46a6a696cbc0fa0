namespace Inr;

/// <summary>Where the pixels of a file go in the picture as it is to be shown: pixel (row, column) of the file is number Origin + row·Down + column·Right.</summary>
/// <param name="Size">The size of the picture as it is to be shown.</param>
/// <param name="Origin">The number of the file's first pixel.</param>
/// <param name="Down">The step to the pixel below in the file.</param>
/// <param name="Right">The step to the next pixel in the file.</param>
internal readonly record struct PixelPlacement(ImageSize Size, int Origin, int Down, int Right)
{
    /// <summary>The placement of a picture.</summary>
    /// <param name="stored">Its size in the file.</param>
    /// <param name="orientation">1 to 8, as EXIF numbers them: where the first row and the first column of the file are seen.</param>
    public static PixelPlacement Of(ImageSize stored, int orientation)
    {
        var (height, width) = stored;
        var turned = new ImageSize(width, height);
        int last = checked(height * width - 1);
        return orientation switch
        {
            // First row at the top, first column right; bottom, right; bottom, left.
            2 => new(stored, width - 1, width, -1),
            3 => new(stored, last, -width, -1),
            4 => new(stored, last - (width - 1), -width, 1),
            // First row left, first column at the top; right, top; right, bottom; left, bottom.
            5 => new(turned, 0, 1, height),
            6 => new(turned, height - 1, -1, height),
            7 => new(turned, last, -1, -height),
            8 => new(turned, last - (height - 1), 1, -height),
            _ => new(stored, 0, width, 1),
        };
    }

    /// <summary>The number of a pixel of the file in the picture.</summary>
    public int this[int row, int column] => Origin + row * Down + column * Right;
}
