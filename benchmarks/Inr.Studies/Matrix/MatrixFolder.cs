using System.Globalization;

namespace Inr.Studies.Matrix;

/// <summary>The finished cells, sweeps and learners of one data set in the folder of a study, so that a run goes on where it stopped.</summary>
/// <remarks>Data sets are independent: several processes may work on one folder, each on data sets of its own.</remarks>
internal sealed class MatrixFolder : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    private MatrixFolder(string folder, FileStream @lock)
    {
        _folder = folder;
        _lock = @lock;
    }

    /// <summary>Opens the part of a data set: a new one, or one of the same settings.</summary>
    /// <exception cref="StudyException">It holds rows of other settings, or another process works on it.</exception>
    public static MatrixFolder Open(string root, string data, MatrixSettings settings)
    {
        string folder = Path.Combine(root, data);
        Directory.CreateDirectory(Path.Combine(folder, "rows"));
        Directory.CreateDirectory(Path.Combine(folder, "learners"));
        var opened = new MatrixFolder(folder, Lock(folder));
        string file = Path.Combine(folder, "settings.json");
        var stored = File.Exists(file) ? StudyFile.Load<MatrixSettings>(file) : null;
        if (stored is null || stored == settings)
        {
            StudyFile.Save(file, settings);
            return opened;
        }

        opened.Dispose();
        throw StudyException.Failed($"'{folder}' holds results of other settings ({stored}; now {settings}); name another folder for --out.");
    }

    /// <summary>All rows of a study, whoever made them.</summary>
    public static IReadOnlyList<MatrixRow> AllRows(string root) =>
        [.. MatrixDataTable.All.Select(d => Path.Combine(root, d.Name, "rows")).Where(Directory.Exists)
            .SelectMany(f => Directory.GetFiles(f, "*.json").Order(StringComparer.Ordinal)).Select(StudyFile.Load<MatrixRow>).OfType<MatrixRow>()];

    /// <summary>All sweeps of a study.</summary>
    public static IReadOnlyList<MatrixSweep> AllSweeps(string root) =>
        [.. MatrixDataTable.All.Select(d => Path.Combine(root, d.Name)).Where(Directory.Exists)
            .SelectMany(f => Directory.GetFiles(f, "sweep-*.json").Order(StringComparer.Ordinal)).Select(StudyFile.Load<MatrixSweep>).OfType<MatrixSweep>()];

    /// <summary>A finished cell, or null.</summary>
    public MatrixRow? Find(MatrixContext context, MatrixFamily family, MatrixColumn column) => Load<MatrixRow>(RowPath(context, family, column));

    /// <summary>Keeps a finished cell.</summary>
    public void Add(MatrixRow row, MatrixContext context, MatrixFamily family, MatrixColumn column) => StudyFile.Save(RowPath(context, family, column), row);

    /// <summary>A finished sweep, or null.</summary>
    public MatrixSweep? FindSweep(MatrixFamily family) => Load<MatrixSweep>(SweepPath(family));

    /// <summary>Keeps a finished sweep.</summary>
    public void Add(MatrixSweep sweep, MatrixFamily family) => StudyFile.Save(SweepPath(family), sweep);

    /// <summary>Where a learner is.</summary>
    public string LearnerPath(MatrixContext context, MatrixFamily family, MatrixColumn column) =>
        Path.Combine(_folder, "learners", string.Create(CultureInfo.InvariantCulture, $"{context.Name}-{family.Name}-{column.Name}.learner"));

    /// <summary>Gives the data set back to other processes.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e)
        {
            throw StudyException.Failed($"Another run works on '{folder}': wait until it ends, or name another folder for --out. ({e.Message})");
        }
    }

    private static T? Load<T>(string path)
        where T : class => File.Exists(path) ? StudyFile.Load<T>(path) : null;

    private string RowPath(MatrixContext context, MatrixFamily family, MatrixColumn column) => Path.Combine(_folder, "rows", $"{context.Name}-{family.Name}-{column.Name}.json");

    private string SweepPath(MatrixFamily family) => Path.Combine(_folder, $"sweep-{family.Name}.json");
}
