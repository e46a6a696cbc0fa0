using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The options of a piecewise-indicator Fourier expansion that are not learned: its grid, and how many numbers of each sort it stores.</summary>
internal sealed record PiecewiseShape
{
    /// <summary>The most samples that a grid may have on one axis: a bound for files of unknown origin.</summary>
    private const int MaxExtent = 1 << 24;

    private const int MaxChannels = 64;

    public required int[] Grid { get; init; }

    public required int Channels { get; init; }

    public required int MinSide { get; init; }

    public required int MaxSide { get; init; }

    public required int Nodes { get; init; }

    public required int Prefixes { get; init; }

    public required int ExtraCounts { get; init; }

    public required int Extras { get; init; }

    public required int Cuts { get; init; }

    /// <summary>How many of the cuts are curved.</summary>
    public int Curvatures { get; init; }

    public required int Coefficients { get; init; }

    /// <summary>The width t in samples of a soft indicator σ(distance/t); 0 for hard ones.</summary>
    public double IndicatorWidth { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["grid"] = new JsonArray([.. Grid.Select(n => (JsonNode)n)]),
            ["channels"] = Channels,
            ["minSide"] = MinSide,
            ["maxSide"] = MaxSide,
            ["nodes"] = Nodes,
            ["prefixes"] = Prefixes,
            ["extraCounts"] = ExtraCounts,
            ["extras"] = Extras,
            ["cuts"] = Cuts,
            ["coefficients"] = Coefficients,
            ["indicatorWidth"] = IndicatorWidth,
        };
        // A file without curved cuts is one that every version reads.
        if (Curvatures > 0)
            json["curvatures"] = Curvatures;
        return json;
    }

    public static PiecewiseShape FromJson(JsonObject json)
    {
        int Number(string name, int low, int high)
        {
            int value = json.Int(name);
            return value >= low && value <= high ? value : throw new FormatException($"'{name}' is {value}; it must be between {low} and {high}.");
        }

        var grid = json.List<int>("grid");
        if (grid.Length is < 1 or > 3 || grid.Any(n => n is < 1 or > MaxExtent) || grid.Aggregate(1.0, (p, n) => p * n) > int.MaxValue)
            throw new FormatException($"'grid' is {string.Join('×', grid)}; it must have 1 to 3 positive sizes.");
        int min = Number("minSide", 1, 4096), max = Number("maxSide", min, 1 << 16);
        if (grid.Length == 3 ? max > 64 : grid.Length == 2 && max > 512)
            throw new FormatException($"'maxSide' is {max}; that is too large in {grid.Length} dimensions.");
        const int Most = int.MaxValue / 2;
        double width = json.NumberOrNull("indicatorWidth") ?? 0;
        if (!(width >= 0 && double.IsFinite(width)))
            throw new FormatException($"'indicatorWidth' is {width}; it must be at least 0.");
        return new PiecewiseShape
        {
            Grid = grid,
            Channels = Number("channels", 1, MaxChannels),
            MinSide = min,
            MaxSide = max,
            Nodes = Number("nodes", 1, Most),
            Prefixes = Number("prefixes", 0, Most),
            ExtraCounts = Number("extraCounts", 0, Most),
            Extras = Number("extras", 0, Most),
            Cuts = Number("cuts", 0, Most),
            Curvatures = json.ContainsKey("curvatures") ? Number("curvatures", 0, Most) : 0,
            Coefficients = Number("coefficients", 0, Most),
            IndicatorWidth = width,
        };
    }
}
