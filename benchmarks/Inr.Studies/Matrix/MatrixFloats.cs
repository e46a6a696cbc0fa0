using System.Globalization;
using System.Text;

namespace Inr.Studies.Matrix;

/// <summary>PSNR against floats: crops of photographs, each family at several budgets, fits from scratch in equal time and closed forms.</summary>
internal static class MatrixFloats
{
    private const int Side = 128;
    private const int Channels = 3;
    private const string Subfolder = "floats";

    /// <summary>The budgets of the documentation.</summary>
    public static readonly double[] UsualBudgets = [1_536, 3_072, 6_144, 12_288, 24_576];

    /// <summary>Measures what is not measured yet and writes <c>floats.md</c> and <c>floats.csv</c>.</summary>
    public static void Run(double[] budgets, MatrixSettings settings, string folder, string shared)
    {
        var data = new MatrixData(Subfolder, "photographs", 0, [Side, Side], Channels, (_, _) => throw new NotSupportedException());
        using var part = MatrixFolder.Open(folder, Subfolder, settings);
        var crops = Crops(shared, settings.Signals);
        var rows = new List<MatrixRow>();
        int fits = MatrixFamilyTable.All.Count(f => f.Iterative is not null) * budgets.Length;
        int trials = MatrixFamilyTable.All.Sum(MatrixSweeps.Trials);
        Console.WriteLine($"{budgets.Length} budgets × {MatrixFamilyTable.All.Count} families: at most {Text.Duration(TimeSpan.FromSeconds((fits * settings.Signals + trials) * (settings.Seconds + 0.1)))}.");
        foreach (var family in MatrixFamilyTable.All)
        {
            foreach (int budget in budgets.Select(b => (int)b))
            {
                var at = data with { Floats = budget };
                if (family.Iterative is not null)
                    rows.Add(Kept(part, at, family, MatrixColumn.Scratch, () => FromScratch(part, at, family, crops, settings)));
                if (family.ClosedForm is not null)
                    rows.Add(Kept(part, at, family, MatrixColumn.ClosedForm, () => InClosedForm(at, family, crops, settings)));
            }
        }

        string command = string.Create(CultureInfo.InvariantCulture, $"{StudyShell.Command} matrix floats --seconds {settings.Seconds} --limit {settings.Signals} --threads {settings.Threads}");
        StudyFile.SaveText(Path.Combine(folder, "floats.csv"), MatrixTables.Csv(rows));
        StudyFile.SaveText(Path.Combine(folder, "floats.md"), Markdown(rows, budgets, settings, command));
        Console.WriteLine($"The tables are in '{folder}': floats.md, floats.csv.");
    }

    private static SignalList Crops(string shared, int count)
    {
        const int Photos = 24;
        const int Factor = 4;
        var photos = ImageFolder.Open(Path.Combine(shared, "data", "kodak-24"), new ImageFolderOptions { Image = new ImageLoadOptions { Channels = Channels } });
        // Spread over the photographs.
        return new SignalList([.. Enumerable.Range(0, count).Select(i =>
        {
            using var photo = photos.Load(i * Photos / count);
            return ImageCrops.Square(photo, Side, Factor, 0.5, 0.5, photo.Name);
        })]);
    }

    private static MatrixRow Kept(MatrixFolder part, MatrixData data, MatrixFamily family, MatrixColumn column, Func<MatrixRow> measure)
    {
        var context = MatrixContext.All[0] with { Name = string.Create(CultureInfo.InvariantCulture, $"{data.Floats}") };
        if (part.Find(context, family, column) is { } known)
            return known;
        var row = measure() with { Context = context.Name };
        part.Add(row, context, family, column);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{family.Name}, {data.Floats} floats, {column.Name}: {(row.Psnr is { } p ? $"{p:0.00} dB" : row.Failure)}"));
        return row;
    }

    private static MatrixRow FromScratch(MatrixFolder part, MatrixData data, MatrixFamily family, SignalList crops, MatrixSettings settings)
    {
        // Swept once, at the budget in the middle.
        var sweep = part.FindSweep(family);
        if (sweep is null)
        {
            sweep = MatrixSweeps.Run(data, family, (int)UsualBudgets[UsualBudgets.Length / 2], crops.Take(1), settings);
            part.Add(sweep, family);
        }

        var empty = Empty(family, MatrixColumn.Scratch);
        try
        {
            var target = MatrixTargets.Build(data, family, sweep.Best.Value, data.Floats);
            return MatrixTargets.FitFromScratch(target, sweep.Best.Rate, crops, MatrixContext.All[0], settings).Describe(empty);
        }
        catch (FloatBudgetException e)
        {
            return empty with { Failure = e.Message };
        }
    }

    private static MatrixRow InClosedForm(MatrixData data, MatrixFamily family, SignalList crops, MatrixSettings settings)
    {
        using var fitter = family.ClosedForm!(data, MatrixContext.All[0], data.Floats);
        return MatrixMeasurement.Of(fitter, crops, MatrixContext.All[0], settings).Describe(Empty(family, MatrixColumn.ClosedForm));
    }

    private static MatrixRow Empty(MatrixFamily family, MatrixColumn column) => new() { Data = Subfolder, Context = "", Family = family.Name, Column = column.Name };

    private static string Markdown(List<MatrixRow> rows, double[] budgets, MatrixSettings settings, string command)
    {
        var page = new StringBuilder();
        page.Append("# PSNR against floats\n\n`").Append(command).Append("`\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{settings.Signals} Kodak photographs, the 512×512 centre averaged to {Side}×{Side} ({Text.Count(Side * Side * Channels)} values). Mean PSNR in dB (floats; seconds a fit). Gradient fits have {settings.Seconds} s each on {Text.Count(settings.Threads, "thread")}.\n\n");
        page.Append("| at most |").Append(string.Concat(budgets.Select(b => $" {Text.Count(b)} |"))).Append("\n|---|").Append(string.Concat(budgets.Select(_ => "---|"))).Append('\n');
        foreach (var group in rows.GroupBy(r => (r.Family, r.Column)))
        {
            string title = MatrixFamilyTable.All.First(f => f.Name == group.Key.Family).Title + (group.Key.Column == MatrixColumn.Scratch.Name ? "" : ", closed form");
            page.Append("| ").Append(title).Append(" |").Append(string.Concat(group.Select(r => $" {Cell(r)} |"))).Append('\n');
        }

        return page.ToString();
    }

    private static string Cell(MatrixRow row) => row.Psnr is null ? $"–: {row.Failure}"
        : string.Create(CultureInfo.InvariantCulture, $"{Text.Decibels(row.Psnr)} ({row.Floats:0}; {row.FitMilliseconds / 1e3:0.0#} s)");
}
