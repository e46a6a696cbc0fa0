using System.Globalization;

namespace Inr.Examples;

/// <summary>A kind of signal of your own: points and values from text, a line a sample, the coordinates first.</summary>
public static class CsvSignal
{
    public static Signal Load(string path, int inputDimension)
    {
        float[][] rows = [.. File.ReadLines(path).Where(line => line.Length > 0).Select(Row)];
        if (rows.Length == 0)
            throw new SignalLoadException(path, "it has no line.");
        if (rows.Any(row => row.Length != rows[0].Length) || rows[0].Length <= inputDimension)
            throw new SignalLoadException(path, $"its lines must all have more than {inputDimension} numbers, and equally many.");
        using var scope = NewDisposeScope();
        var all = tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
        // Scattered samples: coordinates in [-1,1]^d.
        return new Signal(all.narrow(1, 0, inputDimension).clone(), all.narrow(1, inputDimension, rows[0].Length - inputDimension).clone(), name: Path.GetFileName(path));

        float[] Row(string line) => [.. line.Split(',').Select(text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw new SignalLoadException(path, $"'{text}' is no number."))];
    }
}
