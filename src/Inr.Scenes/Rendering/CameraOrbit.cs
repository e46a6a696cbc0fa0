using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Cameras on a circle that look at the middle of a scene; z is up, as in the synthetic NeRF scenes.</summary>
public static class CameraOrbit
{
    /// <summary>Poses at even angles.</summary>
    /// <param name="count">The number of cameras.</param>
    /// <param name="radius">Their distance from the middle; 4 in the synthetic NeRF scenes.</param>
    /// <param name="elevation">Their height over the horizon in radians, between −π/2 and π/2; 30° by default.</param>
    /// <returns>Shape [count,3,4]: columns right, up, backward, position; the first camera lies towards −y.</returns>
    public static Tensor Poses(int count, double radius = 4, double elevation = Math.PI / 6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(radius > 0 && double.IsFinite(radius)))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "The radius is a finite number above 0.");
        if (!(Math.Abs(elevation) < Math.PI / 2))
            throw new ArgumentOutOfRangeException(nameof(elevation), elevation, "The elevation lies between −π/2 and π/2: from straight above, no direction is up.");
        var values = new float[count * 12];
        for (int i = 0; i < count; i++)
        {
            double turn = 2 * Math.PI * i / count - Math.PI / 2;
            var (sin, cos) = Math.SinCos(turn);
            var (rise, reach) = Math.SinCos(elevation);
            double[] right = [-sin, cos, 0];
            double[] above = [-rise * cos, -rise * sin, reach];
            double[] backward = [reach * cos, reach * sin, rise];
            for (int row = 0; row < 3; row++)
            {
                int at = 12 * i + 4 * row;
                (values[at], values[at + 1], values[at + 2], values[at + 3]) = ((float)right[row], (float)above[row], (float)backward[row], (float)(radius * backward[row]));
            }
        }

        return tensor(values, [count, 3, 4], device: CPU);
    }
}
