namespace Inr.Cli.Demo;

/// <summary>The emoji of the demo: pictures that the shipped meta-learner was not trained on.</summary>
internal static class DemoEmoji
{
    /// <summary>The side of the squares, in pixels.</summary>
    public const int Size = 64;

    /// <summary>The files, as Noto Emoji names them: balloon, palette, octopus, rocket, fox, sailing boat.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "emoji_u1f388.png", "emoji_u1f3a8.png", "emoji_u1f419.png", "emoji_u1f680.png", "emoji_u1f98a.png", "emoji_u26f5.png",
    ];

    /// <summary>Where the shipped files are.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "assets");

    /// <summary>The shipped meta-learner; <c>dotnet run -c Release --project benchmarks/Inr.Studies -- transformer emoji</c> trains it.</summary>
    public static string LearnerPath => Path.Combine(Folder, "emoji.safetensors");

    /// <summary>Loads a picture: RGB over white, reduced from 72 pixels.</summary>
    public static Signal Load(string name) =>
        ImageSignal.Load(Path.Combine(Folder, name), new ImageLoadOptions { Channels = 3, Size = ImageSize.Square(Size) });
}
