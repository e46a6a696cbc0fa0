using System.Globalization;

namespace Inr.Studies.Matrix;

/// <summary>Every family with every way to get its parameters, on five kinds of signals, whole, sparse and noisy.</summary>
/// <remarks>
/// <c>matrix [floats|plan] [--out DIR] [--only photographs,faces] [--contexts full,sparse] [--families siren,…]
/// [--columns scratch,maml,…] [--minutes 0.15] [--seconds 1.5] [--limit 6] [--threads 1] [--seed 0]</c>. Finished cells
/// and learners stay in the folder, so that a run goes on where it stopped.
/// </remarks>
public static class MatrixStudy
{
    private const string Shared = "../shared";
    private const string Folder = "matrix-study";

    /// <summary>Runs the matrix, or one of its other parts.</summary>
    /// <param name="args">The part and its options.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        TorchRuntime.EnsureLoaded();
        bool isNamed = args is [var first, ..] && !first.StartsWith("--", StringComparison.Ordinal);
        var options = new StudyArguments(isNamed ? args : ["run", .. args]);
        var settings = MatrixSettings.Of(options);
        TorchRuntime.Threads = settings.Threads;
        string folder = options.Text("out", Folder);
        switch (options.Part)
        {
            case "run":
            case "plan":
                Directory.CreateDirectory(folder);
                return Fill(options, settings, folder, options.Part == "plan");
            case "floats":
                Directory.CreateDirectory(folder);
                MatrixFloats.Run(options, settings, folder, options.Text("shared", Shared));
                return 0;
            default:
                throw StudyException.BadUsage($"There is no part '{options.Part}'; known are run (the default), plan and floats.");
        }
    }

    private static int Fill(StudyArguments options, MatrixSettings settings, string folder, bool plansOnly)
    {
        var kinds = Choose(options, "only", MatrixDataTable.All, d => d.Name);
        var contexts = Choose(options, "contexts", MatrixContext.All, c => c.Name);
        var families = Choose(options, "families", MatrixFamilyTable.All, f => f.Name);
        // The solved linear part is no column of the matrix: it answers a question of its own.
        var columns = Choose(options, "columns", [.. MatrixColumn.All.Where(c => c != MatrixColumn.TransformerSolved)], c => c.Name, MatrixColumn.All);
        var cells = (from context in contexts
                     from family in families
                     from column in columns
                     where family.ReasonAgainst(column, context) is null
                     select (context, family, column)).ToList();
        var opened = new List<(MatrixData Data, MatrixFolder Folder)>();
        try
        {
            foreach (var data in kinds)
                opened.Add((data, MatrixFolder.Open(folder, data.Name, settings)));
            int pending = opened.Sum(o => cells.Count(c => o.Folder.Find(c.context, c.family, c.column) is null));
            var estimate = TimeSpan.FromSeconds(opened.Sum(o => MatrixRun.SecondsToDo(o.Folder, settings, cells)));
            Console.WriteLine($"{Text.Count(kinds.Count * cells.Count, "cell")} of {Text.Count(kinds.Count, "data set")}, {pending} to do: about {Text.Duration(estimate)} on {Text.Count(settings.Threads, "thread")}.");
            if (plansOnly)
                return 0;
            string command = Command(options, settings);
            foreach (var (data, part) in opened)
            {
                if (cells.Any(c => part.Find(c.context, c.family, c.column) is null))
                    new MatrixRun(data, settings, part, cells, options.Text("shared", Shared)).Execute();
                MatrixTables.Write(folder, columns, command);
            }
        }
        finally
        {
            foreach (var (_, part) in opened)
                part.Dispose();
        }

        Console.WriteLine($"The tables are in '{folder}': matrix.md, matrix.csv, matrix.json.");
        return 0;
    }

    private static string Command(StudyArguments options, MatrixSettings settings)
    {
        string[] chosen = [.. new[] { "only", "contexts", "families", "columns" }.Where(n => options.Text(n, "").Length > 0).Select(n => $" --{n} {options.Text(n, "")}")];
        return $"{StudyTable.Command} matrix {settings}{string.Concat(chosen)}";
    }

    private static List<T> Choose<T>(StudyArguments options, string name, IReadOnlyList<T> usual, Func<T, string> nameOf, IReadOnlyList<T>? known = null)
    {
        string[] wanted = options.Text(name, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        known ??= usual;
        return wanted.Length == 0
            ? [.. usual]
            : [.. wanted.Select(w => known.FirstOrDefault(k => nameOf(k) == w) ?? throw StudyException.BadUsage($"--{name} names '{w}'; known are {string.Join(", ", known.Select(nameOf))}."))];
    }
}
