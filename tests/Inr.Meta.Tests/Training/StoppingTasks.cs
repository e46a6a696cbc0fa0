namespace Inr.Meta.Tests.Training;

/// <summary>Tasks of which the n-th to be read stops the training.</summary>
internal sealed class StoppingTasks(ISignalDataset inner, int last, CancellationTokenSource source) : ISignalDataset
{
    private int _loads;

    public int Count => inner.Count;

    public string GetName(int index) => inner.GetName(index);

    public Signal Load(int index)
    {
        if (++_loads == last)
            source.Cancel();
        return inner.Load(index);
    }
}
