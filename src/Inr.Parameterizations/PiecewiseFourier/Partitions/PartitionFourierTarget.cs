using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The expansion <c>Σ_k 𝟙_k(θ,x)·f_k(θ,x)</c> on a fitted partition of any family: a power diagram, level sets, a grid of cut cells.</summary>
/// <remarks>
/// <para>
/// The indicators are hard. <c>f_k</c> is a prefix of tensor cosines on the box of the set: the tight box of the samples of
/// the fitted grid that lie in it, which a reader finds from the indicators, so it stores nothing. The terms of a set
/// interleave the channels by one of the fixed profiles of the dyadic expansion; colours are rotated as there.
/// </para>
/// <para>
/// θ holds the indicators of the family, a level a channel, a profile and a prefix length a set, and the coefficients:
/// every stored number. <see cref="PiecewiseFourierFitter"/> makes it where <see cref="PiecewiseFourierOptions.Partition"/>
/// asks for another family than the dyadic tree, whose own target is <see cref="PiecewiseFourierTarget"/>.
/// </para>
/// </remarks>
public sealed class PartitionFourierTarget : ITargetFunction
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "partition-fourier";

    internal const string Level = "level";
    internal const string Profiles = "profiles";
    internal const string Prefixes = "prefixes";
    internal const string Coefficients = "coefficients";

    private readonly PartitionShape _shape;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<ParameterSet, Entry> _cache = [];

    internal PartitionFourierTarget(PartitionShape shape)
    {
        _shape = shape;
        Partition = shape.Family();
        // Hard indicators have no gradient almost everywhere.
        Layout = new ParameterLayout(
        [
            .. Partition.Parameters.Select(p => new ParameterSpec(p.Name, p.Shape, p.Role, isTrainable: false)),
            new ParameterSpec(Level, [shape.Channels], ParameterRole.Coefficient),
            new ParameterSpec(Profiles, [Partition.RegionCount], ParameterRole.Structure, isTrainable: false),
            new ParameterSpec(Prefixes, [Partition.RegionCount], ParameterRole.Structure, isTrainable: false),
            new ParameterSpec(Coefficients, [shape.Coefficients], ParameterRole.Coefficient),
        ]);
    }

    /// <inheritdoc/>
    public int InputDimension => _shape.Grid.Length;

    /// <inheritdoc/>
    public int OutputDimension => _shape.Channels;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>The family of the sets; its tensors are the first ones of θ.</summary>
    public IPartitionFamily Partition { get; }

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, _shape.ToJson());

    internal static PartitionFourierTarget FromOptions(System.Text.Json.Nodes.JsonObject options) => new(PartitionShape.FromJson(options));

    /// <summary>Not available: the partition belongs to one signal.</summary>
    /// <exception cref="NotSupportedException">Always; fit a signal with <see cref="PiecewiseFourierFitter"/> instead.</exception>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) => throw new NotSupportedException(
        "The prefix lengths of a fitted partition belong to one signal: fit the signal with PiecewiseFourierFitter, or use CellFourierTarget for random parameters.");

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        return ExpansionEvaluation.Evaluate(this, parameters, coordinates, p => Read(p).Structure, Dense);
    }

    /// <summary>The set that each point belongs to.</summary>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shape [N], int64.</returns>
    /// <exception cref="ArgumentException">θ or a shape does not fit.</exception>
    public Tensor LocateRegions(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        if (parameters.BatchSize is not null || coordinates.dim() != 2)
            throw new ArgumentException($"Regions are located for one θ and coordinates [N,{InputDimension}]; coordinates are [{string.Join(',', coordinates.shape)}].", nameof(coordinates));
        return tensor(Array.ConvertAll(Read(parameters).Structure.Locate!(ExpansionCache.Numbers(coordinates)), r => (long)r));
    }

    private DenseRegions Dense(ParameterSet parameters)
    {
        var entry = Read(parameters);
        var coefficients = ExpansionCache.Numbers(parameters[Coefficients]);
        lock (entry)
        {
            if (entry.Dense is null || !entry.Coefficients.AsSpan().SequenceEqual(coefficients))
            {
                entry.Dense = new DenseRegions(entry.Structure, coefficients, [], []);
                entry.Coefficients = coefficients;
            }

            return entry.Dense;
        }
    }

    private Entry Read(ParameterSet parameters)
    {
        int sets = Partition.Parameters.Count;
        float[][] numbers = [.. Enumerable.Range(0, sets).Select(i => ExpansionCache.Numbers(parameters[i])), ExpansionCache.Numbers(parameters[Profiles]), ExpansionCache.Numbers(parameters[Prefixes])];
        if (_cache.TryGetValue(parameters, out var entry) && entry.Numbers.Zip(numbers).All(p => p.First.AsSpan().SequenceEqual(p.Second)))
            return entry;
        entry = new Entry(numbers, PartitionStructure.Build(_shape, Partition, numbers[..sets], numbers[sets], numbers[sets + 1]));
        _cache.AddOrUpdate(parameters, entry);
        return entry;
    }

    private sealed class Entry(float[][] numbers, PiecewiseStructure structure)
    {
        public float[][] Numbers { get; } = numbers;

        public PiecewiseStructure Structure { get; } = structure;

        public DenseRegions? Dense { get; set; }

        public float[] Coefficients { get; set; } = [];
    }
}
