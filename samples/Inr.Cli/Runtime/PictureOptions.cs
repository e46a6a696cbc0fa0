using System.CommandLine;

namespace Inr.Cli.Runtime;

/// <summary>How verbs read pictures.</summary>
internal static class PictureOptions
{
    /// <summary>Whether a picture stays as its file stores it.</summary>
    public static Option<bool> KeepOrientation() => new("--keep-orientation")
    {
        Description = "Read a picture as its file stores it, though its EXIF data say that it is to be shown turned or mirrored.",
    };
}
