namespace Inr.Scenes;

/// <summary>Where a picture that a lens has bent is opaque, as a pinhole camera of the same focal lengths would have it.</summary>
internal static class StraightMask
{
    /// <summary>Straightens a mask without loss: a pixel is empty only if all that it covers of the picture is.</summary>
    /// <param name="opaque">Shape [H,W], bool: pixels of the picture.</param>
    /// <param name="camera">The camera that took it.</param>
    /// <returns>Shape [H,W], bool; true as well where the picture does not say.</returns>
    public static Tensor Of(Tensor opaque, CameraIntrinsics camera)
    {
        int height = camera.Height, width = camera.Width;
        var sums = SummedArea(opaque, height, width);
        var corners = Corners(camera);
        var result = new bool[height * width];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (double X, double Y)[] four = [corners[row, column], corners[row, column + 1], corners[row + 1, column], corners[row + 1, column + 1]];
                // A margin of a pixel bears the bulge of an edge between two corners.
                double left = Math.Floor(four.Min(c => c.X)) - 1, right = Math.Ceiling(four.Max(c => c.X)) + 1;
                double top = Math.Floor(four.Min(c => c.Y)) - 1, bottom = Math.Ceiling(four.Max(c => c.Y)) + 1;
                bool inside = left >= 0 && top >= 0 && right <= width && bottom <= height;
                result[row * width + column] = !inside
                    || sums[(int)bottom, (int)right] - sums[(int)top, (int)right] - sums[(int)bottom, (int)left] + sums[(int)top, (int)left] > 0;
            }
        }

        return tensor(result, [height, width]).to(opaque.device);
    }

    // The corners of the pinhole camera's pixels, where the picture has them.
    private static (double X, double Y)[,] Corners(CameraIntrinsics camera)
    {
        var corners = new (double, double)[camera.Height + 1, camera.Width + 1];
        for (int row = 0; row <= camera.Height; row++)
        {
            for (int column = 0; column <= camera.Width; column++)
            {
                double x = (column - camera.CenterX) / camera.FocalX, y = (row - camera.CenterY) / camera.FocalY;
                corners[row, column] = camera.Project(x, -y, -1);
            }
        }

        return corners;
    }

    private static int[,] SummedArea(Tensor opaque, int height, int width)
    {
        using var scope = NewDisposeScope();
        bool[] values = opaque.cpu().contiguous().data<bool>().ToArray();
        var sums = new int[height + 1, width + 1];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
                sums[row + 1, column + 1] = (values[row * width + column] ? 1 : 0) + sums[row, column + 1] + sums[row + 1, column] - sums[row, column];
        }

        return sums;
    }
}
