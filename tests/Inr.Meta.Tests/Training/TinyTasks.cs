namespace Inr.Meta.Tests.Training;

/// <summary>Small smooth pictures for training tests; chosen ones cannot be read.</summary>
public sealed class TinyTasks(int count, int size = 6, params int[] broken) : ISignalDataset
{
    /// <summary>How often each signal was asked for.</summary>
    public int[] Loads { get; } = new int[count];

    public int Count => count;

    public string GetName(int index) => $"task {index}.png";

    public Signal Load(int index)
    {
        Loads[index]++;
        if (broken.Contains(index))
            throw new SignalLoadException(GetName(index), "it is truncated.");
        using var scope = NewDisposeScope();
        var grid = CoordinateGrid.Create([size, size]);
        var phase = 0.4 * index;
        var values = stack([0.5 + 0.3 * (2 * grid.select(1, 0) + phase).sin(), 0.5 + 0.3 * (2 * grid.select(1, 1) - phase).cos()], 1);
        return Signal.FromGrid(values, [size, size], GetName(index));
    }
}
