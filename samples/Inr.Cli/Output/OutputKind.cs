namespace Inr.Cli.Output;

/// <summary>What an output holds, which its name must not deny: the endings that say something else.</summary>
internal sealed record OutputKind
{
    private static readonly string[] Pictures = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"];
    private static readonly string[] Sounds = [".wav", ".mp3", ".flac", ".ogg"];
    private static readonly string[] Texts = [".json", ".csv", ".txt", ".html", ".md", ".py", ".cs"];
    private static readonly string[] Weights = [".pth", ".pt", ".npz", ".npy", ".ckpt"];

    /// <summary>A representation.</summary>
    public static OutputKind Representation { get; } = new() { Name = "a representation (.inr)", Foreign = [.. Pictures, .. Sounds, .. Texts, .. Weights, ".learner", ".checkpoint"] };

    /// <summary>A meta-learner.</summary>
    public static OutputKind Learner { get; } = new() { Name = "a meta-learner, such as faces.learner", Foreign = [.. Pictures, .. Sounds, .. Texts, .. Weights, ".inr"] };

    /// <summary>Results for programs.</summary>
    public static OutputKind Json { get; } = new() { Name = "JSON (.json)", Foreign = [.. Pictures, .. Sounds, .. Texts.Where(t => t is not (".json" or ".txt")), .. Weights, ".inr", ".learner", ".checkpoint", ".safetensors"] };

    /// <summary>What it is, as messages say it.</summary>
    public required string Name { get; init; }

    /// <summary>The endings of other kinds of file.</summary>
    public required IReadOnlyList<string> Foreign { get; init; }
}
