using System.Text.Json.Nodes;
using Inr.Files;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The null model of every claim about learned sets: fixed square blocks, low-frequency cosines in each, no cuts.</summary>
/// <remarks>
/// Each block stores, for each channel, the length of a prefix of the cosines in the order of |u| and that many
/// coefficients; this is the transform of JPEG (Wallace 1992) with an adaptive number of terms. One block over the
/// whole domain is <c>global-cosine</c>. Colours are rotated by the same fixed matrix as in
/// <see cref="PiecewiseFourierTarget"/>.
/// </remarks>
public sealed class BlockCosineTarget : IReportsFlops, IExpansion
{
    /// <summary>The kind of fixed blocks in files and on the command line.</summary>
    public const string Kind = "block-cosine";

    /// <summary>The kind with one block over the whole domain.</summary>
    public const string GlobalKind = "global-cosine";

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
            new ParameterSpec(PiecewiseParameters.Level, [channels], ParameterRole.Coefficient),
            new ParameterSpec(PiecewiseParameters.Prefixes, [_blocks, channels], ParameterRole.Structure, isTrainable: false),
            new ParameterSpec(PiecewiseParameters.Coefficients, [coefficients], ParameterRole.Coefficient),
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
        var grid = options.List<int>("grid");
        if (grid.Length is < 1 or > 3 || grid.Any(n => n is < 1 or > 1 << 24) || grid.Aggregate(1.0, (p, n) => p * n) > int.MaxValue)
            throw new FormatException($"'grid' is {string.Join('×', grid)}; it must have 1 to 3 positive sizes.");
        int channels = options.Int("channels"), side = options.Int("side"), coefficients = options.Int("coefficients");
        if (channels is < 1 or > 64 || side is < 1 || (!global && side > 256) || coefficients < 0)
            throw new FormatException($"'channels' {channels}, 'side' {side} or 'coefficients' {coefficients} is out of range.");
        return new BlockCosineTarget(grid, channels, side, coefficients, global);
    }

    /// <inheritdoc/>
    /// <remarks>θ is read on every call: <see cref="Bind"/> does so once.</remarks>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => ExpansionEvaluation.Evaluate(this, parameters, coordinates);

    /// <inheritdoc/>
    public BoundFunction Bind(ParameterSet parameters) => new BoundExpansion(this, parameters);

    /// <inheritdoc/>
    /// <remarks>The mean over the domain: the terms of a block, each a product of cosines, a coefficient and a sum.</remarks>
    public double FlopsPerSample(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return ((IExpansion)this).Structure(parameters).FlopsPerSample();
    }

    PiecewiseStructure IExpansion.Structure(ParameterSet parameters)
    {
        var prefixes = TensorNumbers.Of(parameters[PiecewiseParameters.Prefixes]);
        int channels = _shape.Channels;
        // Of a block over everything the lowest few of millions of frequencies: no more are sorted.
        var orders = new BlockOrders(prefixes.Length == 0 ? 0 : prefixes.Max(n => n >= 0 && n <= _shape.Coefficients ? (int)n : 0));
        long total = 0;
        var structure = PiecewiseStructure.FromBlocks(_shape, (block, size) =>
        {
            var order = orders.Get(size);
            int frequencies = size.Aggregate(1, (p, n) => p * n);
            var terms = new List<int>();
            for (int c = 0; c < channels; c++)
            {
                float n = prefixes[(block * channels) + c];
                if (!(n >= 0 && n <= frequencies && n == MathF.Floor(n)))
                    throw new InrException($"The prefix length of block {block}, channel {c} is {n}; it must be a whole number between 0 and {frequencies}. Read the file again, or fit the signal again.");
                if (n > _shape.Coefficients)
                    throw Unequal(n);
                for (int j = 0; j < (int)n; j++)
                    terms.Add((c * frequencies) + order[j]);
            }

            total += terms.Count;
            return [.. terms];
        });
        return total == _shape.Coefficients ? structure : throw Unequal(total);
    }

    private InrException Unequal(double total) =>
        new($"The prefix lengths add up to {total} but there are {_shape.Coefficients} coefficients. Read the file again, or fit the signal again.");
}
