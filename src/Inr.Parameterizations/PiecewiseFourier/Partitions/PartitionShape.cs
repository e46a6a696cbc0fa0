using System.Text.Json.Nodes;
using Inr.Files;
using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>What a <see cref="PartitionFourierTarget"/> does not learn: the fitted grid, the family of its sets, and how many coefficients there are.</summary>
internal sealed record PartitionShape(int[] Grid, int Channels, PartitionKind Partition, int Cells, int LevelTerms, int Coefficients)
{
    /// <summary>Locating the samples of the grid takes one score a sample and set: a bound for files of unknown origin.</summary>
    private const double MostScores = 1e11;

    public IPartitionFamily Family() => Partition switch
    {
        PartitionKind.PowerDiagram => new PowerDiagramPartition(Grid.Length, Cells),
        PartitionKind.LevelSet => new LevelSetPartition(Grid.Length, Cells, LevelTerms),
        PartitionKind.CutGrid => new CutGridPartition(Grid.Length, Cells),
        _ => throw new FormatException($"'partition' is {Partition}; it must be CutGrid, PowerDiagram or LevelSet."),
    };

    public JsonObject ToJson() => new()
    {
        ["grid"] = new JsonArray([.. Grid.Select(n => (JsonNode)n)]),
        ["channels"] = Channels,
        ["partition"] = Partition.ToString(),
        ["cells"] = Cells,
        ["levelTerms"] = LevelTerms,
        ["coefficients"] = Coefficients,
    };

    public static PartitionShape FromJson(JsonObject json)
    {
        int Number(string name, int low, int high)
        {
            int value = json.Int(name);
            return value >= low && value <= high ? value : throw new FormatException($"'{name}' is {value}; it must be between {low} and {high}.");
        }

        var grid = json.List<int>("grid");
        if (grid.Length is < 1 or > 3 || grid.Any(n => n is < 1 or > 1 << 24) || grid.Aggregate(1.0, (p, n) => p * n) > int.MaxValue)
            throw new FormatException($"'grid' is {string.Join('×', grid)}; it must have 1 to 3 positive sizes.");
        if (!Enum.TryParse<PartitionKind>(json.Text("partition"), out var kind) || kind is not (PartitionKind.CutGrid or PartitionKind.PowerDiagram or PartitionKind.LevelSet))
            throw new FormatException($"'partition' is {json.Text("partition")}; it must be CutGrid, PowerDiagram or LevelSet.");
        int cells = Number("cells", 1, kind switch { PartitionKind.LevelSet => 8, PartitionKind.CutGrid when grid.Length == 3 => 64, _ => 4096 });
        double sets = kind switch { PartitionKind.LevelSet => 1 << cells, PartitionKind.CutGrid => 2 * Math.Pow(cells, grid.Length), _ => cells };
        double scores = kind == PartitionKind.CutGrid ? sets : sets * grid.Aggregate(1.0, (p, n) => p * n);
        if (scores > MostScores || sets > 1 << 20)
            throw new FormatException($"{sets:G} sets on a grid of {string.Join('×', grid)} samples are too many.");
        return new PartitionShape(grid, Number("channels", 1, 64), kind, cells, Number("levelTerms", 1, 4096), Number("coefficients", 0, int.MaxValue / 2));
    }
}
