namespace Inr.Studies.Matrix;

/// <summary>Every family with every way to get its parameters, on five kinds of signals, whole, sparse and noisy.</summary>
/// <remarks>Finished cells and learners stay in the folder, so that a run goes on where it stopped.</remarks>
internal static class MatrixStudy
{
    /// <summary>What the command line offers.</summary>
    public static Study Study { get; } = new("matrix", "Families × ways to get θ, on photographs, faces, icons, text and sound, whole, sparse and noisy.",
    [
        Cells("run", "Fills the cells that are not finished, and writes the tables.", plansOnly: false),
        Cells("plan", "Says how many cells are left, and how long they take.", plansOnly: true),
        new StudyPart("floats", "PSNR against floats: each family at several budgets.", Floats)
            .With(MatrixSettings.Declare)
            .Numbers("budgets", MatrixFloats.UsualBudgets, "Float budgets.")
            .Usual("seconds", 4.0)
            .Usual("limit", 4),
    ])
    {
        Usual = Cells("run", "", plansOnly: false),
    };

    private static StudyPart Cells(string name, string summary, bool plansOnly) => new StudyPart(name, summary, o => Fill(o, plansOnly))
        .With(MatrixSettings.Declare)
        .Text("only", "", $"Kinds of signals, separated by commas: {string.Join(", ", MatrixDataTable.All.Select(d => d.Name))}; all by default.")
        .Text("contexts", "", $"What is seen of a signal: {string.Join(", ", MatrixContext.All.Select(c => c.Name))}; all by default.")
        .Text("families", "", $"Families: {string.Join(", ", MatrixFamilyTable.All.Select(f => f.Name))}; all by default.")
        .Text("columns", "", $"Ways to get θ: {string.Join(", ", MatrixColumn.All.Select(c => c.Name))}; all but transformer-solved by default.");

    private static void Floats(StudyArguments options)
    {
        var settings = MatrixSettings.Of(options);
        TorchRuntime.Threads = settings.Threads;
        MatrixFloats.Run([.. options.Numbers("budgets")], settings, Directory.CreateDirectory(options.Text("out")).FullName, options.Text("shared"));
    }

    private static void Fill(StudyArguments options, bool plansOnly)
    {
        var settings = MatrixSettings.Of(options);
        TorchRuntime.Threads = settings.Threads;
        string folder = options.Text("out");
        Directory.CreateDirectory(folder);
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
                return;
            string command = Command(options, settings);
            foreach (var (data, part) in opened)
            {
                if (cells.Any(c => part.Find(c.context, c.family, c.column) is null))
                    new MatrixRun(data, settings, part, cells, options.Text("shared")).Execute();
                MatrixTables.Write(folder, columns, command);
            }
        }
        finally
        {
            foreach (var (_, part) in opened)
                part.Dispose();
        }

        Console.WriteLine($"The tables are in '{folder}': matrix.md, matrix.csv, matrix.json.");
    }

    private static string Command(StudyArguments options, MatrixSettings settings)
    {
        string[] chosen = [.. new[] { "only", "contexts", "families", "columns" }.Where(n => options.Text(n).Length > 0).Select(n => $" --{n} {options.Text(n)}")];
        return $"{StudyShell.Command} matrix {settings}{string.Concat(chosen)}";
    }

    private static List<T> Choose<T>(StudyArguments options, string name, IReadOnlyList<T> usual, Func<T, string> nameOf, IReadOnlyList<T>? known = null)
    {
        string[] wanted = options.Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        known ??= usual;
        return wanted.Length == 0
            ? [.. usual]
            : [.. wanted.Select(w => known.FirstOrDefault(k => nameOf(k) == w) ?? throw StudyException.BadUsage($"--{name} names '{w}'; known are {string.Join(", ", known.Select(nameOf))}."))];
    }
}
