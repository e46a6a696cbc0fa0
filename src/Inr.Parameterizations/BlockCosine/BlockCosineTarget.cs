using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The null model of every claim about learned sets: fixed square blocks, low-frequency cosines in each, no cuts.</summary>
/// <remarks>
/// Each block stores, for each channel, the length of a prefix of the cosines in the order of |u| and that many
/// coefficients; this is the transform of JPEG (Wallace 1992) with an adaptive number of terms. One block over the
/// whole domain is <c>global-cosine</c>. Colours are rotated by the same fixed matrix as in
/// <see cref="PiecewiseFourierTarget"/>.
/// </remarks>
public sealed class BlockCosineTarget : IGridRenderer, IReportsFlops
{
    /// <summary>The kind of fixed blocks in files and on the command line.</summary>
    public const string Kind = "block-cosine";

    /// <summary>The kind with one block over the whole domain.</summary>
    public const string GlobalKind = "global-cosine";

    internal const string Level = "level";

    internal const string Prefixes = "prefixes";

    internal const string Coefficients = "coefficients";

    private static readonly ConcurrentDictionary<string, int[]> Orders = new();

    private readonly PiecewiseShape _shape;
    private readonly bool _global;
    private readonly int _blocks;

    internal BlockCosineTarget(int[] grid, int channels, int side, int coefficients, bool global)
    {
        _global = global;
        int blocks = global ? grid.Max() : side;
        _shape = new PiecewiseShape
        {
            Grid = grid,
            Channels = channels,
            MinSide = blocks,
            MaxSide = blocks,
            Nodes = 0,
            Prefixes = 0,
            ExtraCounts = 0,
            Extras = 0,
            Cuts = 0,
            Coefficients = coefficients,
        };
        _blocks = grid.Aggregate(1, (p, n) => checked(p * ((n + blocks - 1) / blocks)));
        Layout = new ParameterLayout(
        [
            new ParameterSpec(Level, [channels], ParameterRole.Coefficient),
            new ParameterSpec(Prefixes, [_blocks, channels], ParameterRole.Structure, isTrainable: false),
            new ParameterSpec(Coefficients, [coefficients], ParameterRole.Coefficient),
        ]);
    }

    /// <inheritdoc/>
    public int InputDimension => _shape.Grid.Length;

    /// <inheritdoc/>
    public int OutputDimension => _shape.Channels;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public TargetDescription Description => new(_global ? GlobalKind : Kind, new JsonObject
    {
        ["grid"] = new JsonArray([.. _shape.Grid.Select(n => (JsonNode)n)]),
        ["channels"] = _shape.Channels,
        ["side"] = _shape.MinSide,
        ["coefficients"] = _shape.Coefficients,
    });

    internal static BlockCosineTarget FromOptions(JsonObject options, bool global)
    {
        var grid = options["grid"]!.AsArray().Select(n => n!.GetValue<int>()).ToArray();
        if (grid.Length is < 1 or > 3 || grid.Any(n => n is < 1 or > 1 << 24) || grid.Aggregate(1.0, (p, n) => p * n) > int.MaxValue)
            throw new FormatException($"'grid' is {string.Join('×', grid)}; it must have 1 to 3 positive sizes.");
        int channels = options.Int("channels"), side = options.Int("side"), coefficients = options.Int("coefficients");
        if (channels is < 1 or > 64 || side is < 1 || (!global && side > 256) || coefficients < 0)
            throw new FormatException($"'channels' {channels}, 'side' {side} or 'coefficients' {coefficients} is out of range.");
        return new BlockCosineTarget(grid, channels, side, coefficients, global);
    }

    /// <summary>The frequencies of a block in the order of |u|, u in cycles per sample.</summary>
    internal static int[] Order(int[] size) => Orders.GetOrAdd(string.Join('x', size), _ =>
    {
        int count = size.Aggregate(1, (p, n) => p * n);
        var key = new double[count];
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            int rest = i;
            for (int a = size.Length - 1; a >= 0; a--)
            {
                double u = (double)(rest % size[a]) / size[a];
                sum += u * u;
                rest /= size[a];
            }

            key[i] = Math.Round(Math.Sqrt(sum), 9) + (1e-10 * i / count);
        }

        var order = Enumerable.Range(0, count).ToArray();
        Array.Sort(key, order);
        return order;
    });

    /// <summary>Not available: the prefix lengths belong to one signal.</summary>
    /// <exception cref="NotSupportedException">Always; fit a signal with <see cref="BlockCosineFitter"/> instead.</exception>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        throw new NotSupportedException("The prefix lengths of a block-cosine expansion belong to one signal: fit the signal with BlockCosineFitter.");

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        return ExpansionEvaluation.Evaluate(this, parameters, coordinates, Structure, Dense);
    }

    /// <inheritdoc/>
    /// <remarks>The mean over the domain: the terms of a block, each a product of cosines, a coefficient and a sum.</remarks>
    public double FlopsPerSample(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Structure(parameters).FlopsPerSample();
    }

    /// <inheritdoc/>
    public Tensor RenderGrid(ParameterSet parameters, ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return ExpansionEvaluation.Render(this, parameters, shape, Dense);
    }

    private DenseRegions Dense(ParameterSet parameters)
    {
        var structure = Structure(parameters);
        return new DenseRegions(structure, ExpansionCache.Numbers(parameters[Coefficients]), [], []);
    }

    private PiecewiseStructure Structure(ParameterSet parameters)
    {
        var prefixes = ExpansionCache.Numbers(parameters[Prefixes]);
        int channels = _shape.Channels;
        long total = 0;
        var structure = PiecewiseStructure.FromBlocks(_shape, (block, size) =>
        {
            var order = Order(size);
            var terms = new List<int>();
            for (int c = 0; c < channels; c++)
            {
                float n = prefixes[(block * channels) + c];
                if (!(n >= 0 && n <= order.Length && n == MathF.Floor(n)))
                    throw new InrException($"The prefix length of block {block}, channel {c} is {n}; it must be a whole number between 0 and {order.Length}. Read the file again, or fit the signal again.");
                for (int j = 0; j < (int)n; j++)
                    terms.Add((c * order.Length) + order[j]);
            }

            total += terms.Count;
            return [.. terms];
        });
        if (total != _shape.Coefficients)
            throw new InrException($"The prefix lengths add up to {total} but there are {_shape.Coefficients} coefficients. Read the file again, or fit the signal again.");
        return structure;
    }
}
