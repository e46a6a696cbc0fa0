using System.Globalization;
using Inr.Files;

namespace Inr.Scenes;

/// <summary>What a file of poses says about the lens of one picture, before the size of the picture is known.</summary>
/// <remarks>
/// A value of the frame comes before the same one of the file. A focal length is <c>x_fov</c> (degrees), <c>fl_x</c>
/// (pixels) or <c>camera_angle_x</c> (radians), the same with y; where one axis has none, pixels are square. Pixels are
/// those of a picture of <c>w</c>×<c>h</c>, which a file keeps when its pictures are made smaller.
/// </remarks>
internal sealed record LensFields
{
    // A side that was rounded to whole pixels, and some slack for a size that was rounded before.
    private const double AspectSlack = 2e-3;
    private const double LongestSide = 1 << 20;

    private static readonly string[] PinholeModels = ["SIMPLE_PINHOLE", "PINHOLE", "PERSPECTIVE"];
    private static readonly string[] PolynomialModels = ["SIMPLE_RADIAL", "RADIAL", "OPENCV"];
    private static readonly string[] FisheyeModels = ["SIMPLE_RADIAL_FISHEYE", "RADIAL_FISHEYE", "OPENCV_FISHEYE", "FISHEYE"];
    private static readonly string[] DistortionNames = ["k1", "k2", "k3", "k4", "p1", "p2", "distortion_params"];
    // Parts of models that are not known here; zeros have no part in them.
    private static readonly string[] UnknownTerms = ["k5", "k6", "s1", "s2", "s3", "s4", "skew"];
    private static readonly string[] UnknownModels = ["ftheta_p0", "latlong"];

    /// <summary>Every name that is read here.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["w", "h", "cx", "cy", .. Axis("x"), .. Axis("y"), .. DistortionNames, .. UnknownTerms, "camera_model", "is_fisheye"];

    private readonly JsonFields _frame;
    private readonly double? _width;
    private readonly double? _height;
    private readonly double? _centerX;
    private readonly double? _centerY;
    private readonly Focal? _focalX;
    private readonly Focal? _focalY;
    private readonly LensDistortion _distortion;

    private LensFields(JsonFields file, JsonFields frame)
    {
        _frame = frame;
        double? Either(string name, double above = double.NegativeInfinity, double below = double.PositiveInfinity) =>
            frame.Number(name, above, below) ?? file.Number(name, above, below);
        _width = Either("w", 0, LongestSide);
        _height = Either("h", 0, LongestSide);
        _centerX = Either("cx");
        _centerY = Either("cy");
        _focalX = FocalOf(frame, "x") ?? FocalOf(file, "x");
        _focalY = FocalOf(frame, "y") ?? FocalOf(file, "y");
        if (_focalX is null && _focalY is null)
            throw frame.Refuse("there is no focal length: neither fl_x, camera_angle_x nor x_fov, nor one of y, for it nor for the whole file.");
        _distortion = DistortionOf(file, frame);
    }

    /// <summary>The size of the picture as the file says it; null where it does not.</summary>
    public ImageSize? Size => _width is { } w && _height is { } h ? new ImageSize((int)Math.Max(1, Math.Round(h)), (int)Math.Max(1, Math.Round(w))) : null;

    /// <summary>Reads what a file and one of its frames say.</summary>
    /// <exception cref="SignalLoadException">A number is out of its range, there is no focal length, or the model of the lens is not known.</exception>
    public static LensFields Read(JsonFields file, JsonFields frame) => new(file, frame);

    /// <summary>The camera of a picture.</summary>
    /// <param name="picture">Its size in its file.</param>
    /// <exception cref="SignalLoadException">The picture has another aspect than the file says, or the lens does not cover it.</exception>
    public CameraIntrinsics For(ImageSize picture)
    {
        double width = _width ?? _height / picture.Height * picture.Width ?? picture.Width;
        double height = _height ?? _width / picture.Width * picture.Height ?? picture.Height;
        double x = picture.Width / width, y = picture.Height / height;
        if (Math.Abs(x / y - 1) > 1.0 / Math.Min(picture.Width, picture.Height) + AspectSlack)
            throw _frame.Refuse(string.Create(CultureInfo.InvariantCulture, $"the picture has {picture} pixels, and the file says {width}×{height}, which is another aspect: it was cropped, turned or stretched. Correct w and h, or leave them out if cx, cy and the focal lengths are those of the picture."));
        double focalX = (_focalX ?? _focalY!).Pixels(_focalX is null ? height : width);
        double focalY = (_focalY ?? _focalX!).Pixels(_focalY is null ? width : height);
        var camera = new CameraIntrinsics(picture.Width, picture.Height, focalX * x, focalY * y, (_centerX ?? width / 2) * x, (_centerY ?? height / 2) * y) { Distortion = _distortion };
        if (!(camera.FocalX is > 1e-6 and < 1e12 && camera.FocalY is > 1e-6 and < 1e12))
            throw _frame.Refuse(string.Create(CultureInfo.InvariantCulture, $"the focal lengths are {camera.FocalX} and {camera.FocalY} pixels, which no camera has."));
        return camera.CoversPicture()
            ? camera
            : throw _frame.Refuse($"its lens ({string.Join(", ", DistortionText())}) sees no direction in the outermost of {picture} pixels: its picture folds over before. Correct the numbers, or undistort the pictures first.");
    }

    private static string[] Axis(string axis) => [$"{axis}_fov", $"fl_{axis}", $"camera_angle_{axis}"];

    private static Focal? FocalOf(JsonFields fields, string axis)
    {
        if (fields.Number($"{axis}_fov", 0, 180) is { } degrees)
            return new Focal(null, degrees * Math.PI / 180);
        if (fields.Number($"fl_{axis}", 0, double.PositiveInfinity) is { } pixels)
            return new Focal(pixels, null);
        return fields.Number($"camera_angle_{axis}", 0, Math.PI) is { } angle ? new Focal(null, angle) : null;
    }

    private static LensDistortion DistortionOf(JsonFields file, JsonFields frame)
    {
        foreach (var fields in (JsonFields[])[frame, file])
        {
            foreach (string name in UnknownTerms)
            {
                if (fields.Number(name) is not (null or 0))
                    throw frame.Refuse($"the lens has {name}, which is not supported; supported are k1, k2, k3, k4, p1 and p2. Undistort the pictures first.");
            }

            foreach (string name in UnknownModels)
            {
                if (fields.Find(name) is not null)
                    throw frame.Refuse($"the lens is described by {name}, which is not supported. Undistort the pictures first.");
            }
        }

        string model = (frame.Text("camera_model") ?? file.Text("camera_model") ?? "OPENCV").ToUpperInvariant();
        if (!PinholeModels.Contains(model) && !PolynomialModels.Contains(model) && !FisheyeModels.Contains(model))
            throw frame.Refuse($"the camera_model is {InputFile.Quote(model)}, which is not supported; supported are {string.Join(", ", PinholeModels.Concat(PolynomialModels).Concat(FisheyeModels))}. Undistort the pictures first.");
        bool fisheye = FisheyeModels.Contains(model) || (frame.Flag("is_fisheye") ?? file.Flag("is_fisheye") ?? false);
        // The numbers of a lens belong together: a frame that has some has all of them.
        var owner = DistortionNames.Any(n => frame.Find(n) is not null) ? frame : file;
        double[] k = owner.Numbers("distortion_params", 0, 6) ?? [];
        double At(int index, string name) => owner.Number(name) ?? k.ElementAtOrDefault(index);
        var lens = new LensDistortion { K1 = At(0, "k1"), K2 = At(1, "k2"), K3 = At(2, "k3"), K4 = At(3, "k4"), P1 = At(4, "p1"), P2 = At(5, "p2"), IsFisheye = fisheye };
        return !fisheye || lens is { P1: 0, P2: 0 }
            ? lens
            : throw frame.Refuse("a fisheye lens has p1 or p2, which is not supported. Undistort the pictures first.");
    }

    private IEnumerable<string> DistortionText() =>
        new (string Name, double Value)[] { ("k1", _distortion.K1), ("k2", _distortion.K2), ("k3", _distortion.K3), ("k4", _distortion.K4), ("p1", _distortion.P1), ("p2", _distortion.P2) }
            .Where(t => t.Value != 0)
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Name} {t.Value}"))
            .Prepend(_distortion.IsFisheye ? "fisheye" : "polynomial");

    // A focal length in pixels, or the angle that the picture spans.
    private sealed record Focal(double? Length, double? Angle)
    {
        public double Pixels(double side) => Length ?? 0.5 * side / Math.Tan(0.5 * Angle!.Value);
    }
}
