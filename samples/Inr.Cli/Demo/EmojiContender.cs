namespace Inr.Cli.Demo;

/// <summary>A way to get θ of a picture, and what it took and gave so far.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Caption">Over its column of pictures: short, in the letters of <see cref="PixelFont"/>.</param>
/// <param name="Fitter">The way; the caller keeps it.</param>
internal sealed record EmojiContender(string Name, string Caption, ISignalFitter Fitter)
{
    /// <summary>Wall-clock seconds of each picture.</summary>
    public List<double> Seconds { get; } = [];

    /// <summary>PSNR of each picture, in dB.</summary>
    public List<double> Psnrs { get; } = [];

    /// <summary>Stored bits of each picture.</summary>
    public List<double> Bits { get; } = [];

    /// <summary>Gradient steps of each picture.</summary>
    public List<double> Steps { get; } = [];

    /// <summary>The losses on the way, of each picture.</summary>
    public List<IReadOnlyList<(int Step, double Loss)>> Histories { get; } = [];
}
