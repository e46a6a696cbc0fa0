using System.Globalization;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Finds where a scene lies from what its file says, what the caller says, and where its cameras look.</summary>
internal static class SceneSpaceFinder
{
    // The synthetic NeRF scenes: cameras at distance 4, a cube of half width 1.5, rays from 2 to 6.
    private const double UsualDistance = 4;
    private const double UsualHalfWidth = 1.5;
    private const double UsualReach = 2;
    // The ball in the usual cube lies between the usual near and far, and the cameras look into the middle third of it.
    private const double StandardSlack = UsualReach - UsualHalfWidth;
    // A cube that was asked for is seen up to its corners.
    private const double CornerReach = 1.7320508075688772;
    // Nearer to a camera, in shares of its distance, no other camera says what is there.
    private const double NearestShare = 0.1;
    // View axes within some two degrees of one another do not say at what depth they meet.
    private const double LeastSpread = 1e-3;

    /// <summary>Finds the space of a scene.</summary>
    /// <param name="file">Its file of poses.</param>
    /// <param name="options">What the caller says.</param>
    /// <exception cref="SignalLoadException">Neither says where the scene lies, or it lies nowhere.</exception>
    public static SceneSpace Find(TransformsFile file, NerfSceneOptions options)
    {
        var cameras = file.Frames.Select(f => Axis.Of(f.Pose)).ToArray();
        if (cameras.Length == 0)
            throw new SignalLoadException(file.Path, "it lists no view.");
        double? near = options.Near ?? file.Box.Near, far = options.Far ?? file.Box.Far;
        double[]? focus = Focus(cameras);
        var box = HoldsMore(file.Box, cameras, focus) ? null : file.Box;
        double? halfWidth = options.HalfWidth ?? box?.HalfWidth;
        double[]? center = options.Center is { } c ? [c.X, c.Y, c.Z] : box?.Center;
        if (center is null && StandAroundOrigin(cameras, focus))
        {
            var standard = SceneSpace.Standard;
            if (halfWidth is null or UsualHalfWidth)
                return Checked(file, standard with { Near = near ?? standard.Near, Far = far ?? standard.Far });
            center = [0, 0, 0];
        }

        center ??= focus;
        if (center is null)
        {
            if (near is null || far is null)
                throw new SignalLoadException(file.Path, "its cameras do not look at one place, so that it does not say where the scene lies. Say it, in the units of its poses: near and far, or the center and half width of a cube (NerfSceneOptions; --near and --far, or --centre and --bounds).");
            center = Ahead(cameras, 0.5 * (near.Value + far.Value));
        }

        double distance = Median(cameras.Select(a => a.DistanceTo(center)));
        double width = halfWidth ?? (distance > 0 ? Tidy(distance * UsualHalfWidth / UsualDistance, distance) : far ?? UsualHalfWidth);
        double reach = width * (halfWidth is null ? UsualReach / UsualHalfWidth : CornerReach);
        // Around the usual distance, or for a small thing far away the usual size.
        double scale = Math.Max(distance > 0 ? UsualDistance / distance : 0, UsualHalfWidth / width);
        return Checked(file, new SceneSpace
        {
            CenterX = center[0],
            CenterY = center[1],
            CenterZ = center[2],
            HalfWidth = width,
            Near = near ?? Tidy(Math.Max(NearestShare * distance, cameras.Min(a => a.DepthOf(center)) - reach), width),
            Far = far ?? Tidy(cameras.Max(a => a.DistanceTo(center)) + reach, width),
            Scale = Tidy(scale, scale),
        });
    }

    /// <summary>What there is to say about the cube of a file that is not taken as it is; null where nothing is.</summary>
    public static string? NoteOn(TransformsFile file, NerfSceneOptions options)
    {
        var cameras = file.Frames.Select(f => Axis.Of(f.Pose)).ToArray();
        return options.HalfWidth is null && HoldsMore(file.Box, cameras, Focus(cameras))
            ? string.Create(CultureInfo.InvariantCulture, $"the file allows a cube of half width {file.Box.HalfWidth:0.####} (aabb_scale, scale), which holds more than its cameras look at; NerfSceneOptions.HalfWidth or --bounds {file.Box.HalfWidth:0.####} takes all of it.")
            : null;
    }

    // instant-ngp's cube says how far a scene may reach, often many times as far as anything is seen from two sides. Only
    // one that cuts into what the cameras look at says where the scene lies.
    private static bool HoldsMore(WorldBox box, Axis[] cameras, double[]? focus)
    {
        if (box is not { Center: { } center, HalfWidth: { } halfWidth } || focus is null)
            return false;
        double seen = Median(cameras.Select(a => a.DistanceTo(focus))) * UsualHalfWidth / UsualDistance;
        return Enumerable.Range(0, 3).All(i => Math.Abs(focus[i] - center[i]) + seen <= halfWidth);
    }

    private static SceneSpace Checked(TransformsFile file, SceneSpace space) => space.IsValid
        ? space
        : throw new SignalLoadException(file.Path, string.Create(CultureInfo.InvariantCulture, $"its scene would lie within {space.HalfWidth} of ({space.CenterX}, {space.CenterY}, {space.CenterZ}), seen from depth {space.Near} to {space.Far}, which is no part of space. Change near, far, center or half width (NerfSceneOptions; --near, --far, --centre, --bounds)."));

    // Without a say of the file, what always held for the synthetic scenes holds to the last bit.
    private static bool StandAroundOrigin(Axis[] cameras, double[]? focus)
    {
        double[] origin = [0, 0, 0];
        return cameras.All(a => Math.Abs(a.DistanceTo(origin) - UsualDistance) <= StandardSlack && a.DepthOf(origin) > 0)
            && (focus is null ? Median(cameras.Select(a => a.MissOf(origin))) : Length(focus)) <= StandardSlack;
    }

    // The place with the least squared distance to all view axes, Σ (I − d dᵀ) x = Σ (I − d dᵀ) o; null where the axes
    // are parallel, or the place lies behind the cameras or beside what they look at.
    private static double[]? Focus(Axis[] cameras)
    {
        // Relative to the cameras: a world may have its origin far away.
        double[] middle = [.. Enumerable.Range(0, 3).Select(i => cameras.Average(a => a.Position[i]))];
        var m = new double[3, 3];
        var v = new double[3];
        foreach (var axis in cameras)
        {
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    double part = ((i == j ? 1 : 0) - axis.Direction[i] * axis.Direction[j]) / cameras.Length;
                    m[i, j] += part;
                    v[i] += part * (axis.Position[j] - middle[j]);
                }
            }
        }

        double Minor(int i, int j, int k, int l) => m[i, k] * m[j, l] - m[i, l] * m[j, k];
        double determinant = m[0, 0] * Minor(1, 2, 1, 2) - m[0, 1] * Minor(1, 2, 0, 2) + m[0, 2] * Minor(1, 2, 0, 1);
        // The trace is 2, so that a small determinant is one small eigenvalue.
        if (!(determinant > LeastSpread))
            return null;
        // Cramer's rule; m is symmetric, and so are its minors.
        double[,] adjugate =
        {
            { Minor(1, 2, 1, 2), -Minor(0, 2, 1, 2), Minor(0, 1, 1, 2) },
            { -Minor(1, 2, 0, 2), Minor(0, 2, 0, 2), -Minor(0, 1, 0, 2) },
            { Minor(1, 2, 0, 1), -Minor(0, 2, 0, 1), Minor(0, 1, 0, 1) },
        };
        double[] focus = [.. Enumerable.Range(0, 3).Select(i => middle[i] + (adjugate[i, 0] * v[0] + adjugate[i, 1] * v[1] + adjugate[i, 2] * v[2]) / determinant)];
        double depth = Median(cameras.Select(a => a.DepthOf(focus)));
        return Median(cameras.Select(a => a.MissOf(focus))) < 0.5 * depth ? [.. focus.Select(x => Tidy(x, depth))] : null;
    }

    private static double[] Ahead(Axis[] cameras, double depth) =>
        [.. Enumerable.Range(0, 3).Select(i => cameras.Average(a => a.Position[i] + depth * a.Direction[i]))];

    // Six digits of the scene's own size say all that such a guess knows, and read well.
    private static double Tidy(double value, double unit)
    {
        double digits = Math.Pow(10, 5 - Math.Floor(Math.Log10(unit)));
        double whole = Math.Round(value * digits);
        // Zero has no sign here: it is printed.
        return double.IsFinite(whole) ? whole / digits + 0.0 : value;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }

    private static double Length(double[] v) => Math.Sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);

    // Where a camera stands and looks.
    private sealed record Axis(double[] Position, double[] Direction)
    {
        public static Axis Of(double[] pose)
        {
            double[] forward = [-pose[2], -pose[6], -pose[10]];
            double length = Length(forward);
            return new Axis([pose[3], pose[7], pose[11]], [.. forward.Select(f => f / length)]);
        }

        public double DistanceTo(double[] point) => Length(To(point));

        public double DepthOf(double[] point)
        {
            double[] to = To(point);
            return to[0] * Direction[0] + to[1] * Direction[1] + to[2] * Direction[2];
        }

        public double MissOf(double[] point)
        {
            double depth = DepthOf(point), distance = DistanceTo(point);
            return Math.Sqrt(Math.Max(0, distance * distance - depth * depth));
        }

        private double[] To(double[] point) => [point[0] - Position[0], point[1] - Position[1], point[2] - Position[2]];
    }
}
