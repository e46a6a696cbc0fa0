namespace Inr.Scenes;

/// <summary>How a camera maps directions to the pixels of its pictures.</summary>
/// <remarks>
/// Places in a picture run from (0, 0), the upper left corner, to (width, height): pixel (row i, column j) has its middle
/// at (j + ½, i + ½). Coordinates of the camera are right, up and backward, as in <see cref="PosedViews"/>.
/// </remarks>
/// <param name="Width">Columns of a picture.</param>
/// <param name="Height">Rows of a picture.</param>
/// <param name="FocalX">The focal length along x, in pixels.</param>
/// <param name="FocalY">The same along y.</param>
/// <param name="CenterX">The column of the principal point.</param>
/// <param name="CenterY">Its row.</param>
public sealed record CameraIntrinsics(int Width, int Height, double FocalX, double FocalY, double CenterX, double CenterY)
{
    private const int EdgePoints = 16;

    /// <summary>What the lens does.</summary>
    /// <value>The default is <see cref="LensDistortion.None"/>.</value>
    public LensDistortion Distortion { get; init; } = LensDistortion.None;

    /// <summary>The size of a picture.</summary>
    public ImageSize Size => new(Height, Width);

    /// <summary>A camera whose view axis passes the middle of the picture, with square pixels.</summary>
    /// <param name="size">The size of a picture.</param>
    /// <param name="focal">The focal length in pixels.</param>
    public static CameraIntrinsics Centered(ImageSize size, double focal) =>
        new(size.Width, size.Height, focal, focal, size.Width / 2.0, size.Height / 2.0);

    /// <summary>The same camera for pictures that were resized as a whole; each axis scales by itself.</summary>
    public CameraIntrinsics Resized(ImageSize size)
    {
        double x = (double)size.Width / Width, y = (double)size.Height / Height;
        return this with { Width = size.Width, Height = size.Height, FocalX = FocalX * x, FocalY = FocalY * y, CenterX = CenterX * x, CenterY = CenterY * y };
    }

    /// <summary>The place at which a point is seen.</summary>
    /// <param name="right">Its coordinates, seen from the camera.</param>
    /// <param name="up">The second.</param>
    /// <param name="backward">The third: below 0 before the camera.</param>
    /// <returns>Column and row; NaN where the camera cannot see it.</returns>
    public (double Column, double Row) Project(double right, double up, double backward)
    {
        var (x, y) = Distortion.Distort(right, -up, -backward);
        return (x * FocalX + CenterX, y * FocalY + CenterY);
    }

    /// <summary>The direction that is seen at a place: the inverse of <see cref="Project"/>.</summary>
    /// <param name="column">The place along x.</param>
    /// <param name="row">The place along y.</param>
    /// <returns>At depth 1, or of length 1 for a fisheye lens; NaN where the lens sees nothing.</returns>
    public (double Right, double Up, double Backward) Direction(double column, double row)
    {
        var (x, y, z) = Distortion.Undistort((column - CenterX) / FocalX, (row - CenterY) / FocalY);
        return (x, -y, -z);
    }

    /// <summary>Whether a direction belongs to pixels all along the edge of the picture, where a lens bends most.</summary>
    internal bool CoversPicture()
    {
        if (Distortion.IsNone)
            return true;
        bool Sees(double column, double row) => double.IsFinite(Direction(column, row).Right);
        return Enumerable.Range(0, EdgePoints + 1).Select(i => (double)i / EdgePoints).All(along =>
        {
            double column = 0.5 + along * (Width - 1), row = 0.5 + along * (Height - 1);
            return Sees(column, 0.5) && Sees(column, Height - 0.5) && Sees(0.5, row) && Sees(Width - 0.5, row);
        });
    }

    /// <summary>The directions of all pixels: shape [H,W,3], float32.</summary>
    internal Tensor Directions()
    {
        var values = new float[3L * Height * Width];
        int at = 0;
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                var (right, up, backward) = Direction(column + 0.5, row + 0.5);
                (values[at], values[at + 1], values[at + 2]) = ((float)right, (float)up, (float)backward);
                at += 3;
            }
        }

        return tensor(values, [Height, Width, 3]);
    }
}
