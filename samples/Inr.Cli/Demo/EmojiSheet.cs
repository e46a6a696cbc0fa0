using Inr.Cli.Output;
using Inr.Evaluation;

namespace Inr.Cli.Demo;

/// <summary>A contact sheet: a row for each picture, the original and what each contender made of it.</summary>
internal sealed class EmojiSheet : IDisposable
{
    private const int Gap = 8;
    private const int Scale = 3;
    private const int Side = DemoEmoji.Size * Scale;

    private readonly string[] _captions;
    private readonly List<(Signal Original, Signal[] Made)> _rows = [];

    /// <param name="captions">Of the contenders.</param>
    public EmojiSheet(string[] captions) => _captions = ["original", .. captions];

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="original">The picture; the caller keeps it.</param>
    /// <param name="made">What the contenders made of it; the sheet takes ownership.</param>
    public void Add(Signal original, Signal[] made) => _rows.Add((original.To(original.Values.device), made));

    /// <summary>Saves the sheet as PNG.</summary>
    public void Save(string path)
    {
        var canvas = new Canvas(Gap + Canvas.LabelHeight + _rows.Count * (Side + Canvas.LabelHeight + Gap), Gap + _captions.Length * (Side + Gap));
        for (int column = 0; column < _captions.Length; column++)
        {
            int left = Gap + column * (Side + Gap);
            canvas.Write(_captions[column], Gap, left);
            for (int row = 0; row < _rows.Count; row++)
            {
                int top = Gap + Canvas.LabelHeight + row * (Side + Canvas.LabelHeight + Gap);
                var (original, made) = _rows[row];
                var shown = column == 0 ? original : made[column - 1];
                canvas.DrawEnlarged(shown, 0, 0, DemoEmoji.Size, DemoEmoji.Size, Scale, top, left);
                if (column > 0)
                    canvas.Write($"{Text.Decibels(Psnr.Of(original, shown))} dB", top + Side, left);
            }
        }

        canvas.Save(path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (original, made) in _rows)
        {
            original.Dispose();
            Array.ForEach(made, signal => signal.Dispose());
        }
    }
}
