namespace Inr.Examples;

/// <summary>The text files of a folder as a data set, for evaluators and meta-learners.</summary>
public sealed class CsvFolder(string folder, int inputDimension) : ISignalDataset
{
    private readonly string[] _files = [.. Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal)];

    public int Count => _files.Length;

    public string GetName(int index) => Path.GetFileName(_files[index]);

    public Signal Load(int index) => CsvSignal.Load(_files[index], inputDimension);
}
