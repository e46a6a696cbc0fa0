using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations;

/// <summary>The piecewise Fourier expansion <c>Σ_k 𝟙_k(θ,x)·Σ_j c_kj ψ_j(x)</c> on a partition with a fixed layout.</summary>
/// <remarks>
/// Every tensor has the same shape for every signal, so meta-learners can generate θ, batch it over B signals and
/// differentiate through it. The coefficients come from θ, or from <see cref="SolveLinear"/>: the regularized least
/// squares given the indicators, exact and differentiable (the reduced problem of variable projection: Golub,
/// Pereyra 1973).
/// </remarks>
public sealed class CellFourierTarget : ITrainableTarget, ILinearFeatures, IReportsFlops
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "cell-fourier";

    private const string Coefficients = "coefficients";

    // Marks the name of a family that only its own program can make.
    private const string OwnFamily = "own:";

    private const double LargestRidge = 1e150;

    private readonly IPartitionFamily _partition;
    private readonly string _partitionName;
    private readonly CellFourierOptions _options;
    private readonly int[][] _frequencies;

    /// <summary>Creates the function on a built-in partition.</summary>
    /// <param name="inputDimension">Coordinates d, 1 to 3.</param>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="options">The layout; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public CellFourierTarget(int inputDimension, int outputDimension, CellFourierOptions? options = null)
        : this(outputDimension, Family(inputDimension, options ??= new CellFourierOptions()), options)
    {
        _partitionName = options.Partition.ToString();
    }

    /// <summary>Creates the function on a partition of the caller's own family.</summary>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="partition">The family of partitions.</param>
    /// <param name="options">Basis, terms and indicator width; copied. The partition options are not used.</param>
    /// <remarks>A file names the family by its type and cannot rebuild it: load the parameters into a target that your code makes.</remarks>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public CellFourierTarget(int outputDimension, IPartitionFamily partition, CellFourierOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        ArgumentNullException.ThrowIfNull(partition);
        // The frequencies of a basis in many dimensions cannot be listed by length.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partition.Dimension, 3, nameof(partition));
        options ??= new CellFourierOptions();
        new CellFourierOptionsValidator().ThrowIfInvalid(options);
        _options = options;
        _partition = partition;
        _partitionName = OwnFamily + partition.GetType().FullName;
        InputDimension = partition.Dimension;
        OutputDimension = outputDimension;
        _frequencies = options.Basis switch
        {
            FourierBasis.Cosine => FourierFrequencies.Orthant(InputDimension, options.Terms),
            FourierBasis.Fourier => FourierFrequencies.HalfSpace(InputDimension, (options.Terms / 2) + 1),
            _ => FourierFrequencies.Orthant(InputDimension, (options.Terms + 1) / 2),
        };
        Layout = new ParameterLayout([.. partition.Parameters, new ParameterSpec(Coefficients, [partition.RegionCount, options.Terms, outputDimension], ParameterRole.Coefficient)]);
    }

    /// <inheritdoc/>
    public int InputDimension { get; }

    /// <inheritdoc/>
    public int OutputDimension { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public long FeatureCount => (long)_partition.RegionCount * _options.Terms;

    /// <summary>The coefficients.</summary>
    public IReadOnlyList<string> LinearParameters { get; } = [Coefficients];

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, new JsonObject
    {
        ["inputDimension"] = InputDimension,
        ["outputDimension"] = OutputDimension,
        ["partition"] = _partitionName,
        ["cells"] = _options.Cells,
        ["levelTerms"] = _options.LevelTerms,
        ["terms"] = _options.Terms,
        ["basis"] = _options.Basis.ToString(),
        ["extensionFactor"] = _options.ExtensionFactor,
        ["indicatorWidth"] = _options.IndicatorWidth,
    });

    internal static CellFourierTarget FromOptions(JsonObject json) => new(json.Int("inputDimension"), json.Int("outputDimension"), new CellFourierOptions
    {
        Partition = KnownPartition(json.Text("partition")),
        Cells = json.Int("cells"),
        LevelTerms = json.Int("levelTerms"),
        Terms = json.Int("terms"),
        Basis = json.Name<FourierBasis>("basis"),
        ExtensionFactor = json.Number("extensionFactor"),
        IndicatorWidth = json.Number("indicatorWidth"),
    });

    /// <inheritdoc/>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        InitialParameters.Draw(Layout, generator, device, g =>
            [.. _partition.Initialize(g), randn([.. Layout[Coefficients].Shape], dtype: float32, device: CPU, generator: g) * (0.1 / Math.Sqrt(_options.Terms))]);

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        bool single = parameters.BatchSize is null && coordinates.dim() == 2;
        var (indicators, points) = Batched(parameters, coordinates);
        var membership = _partition.Locate(indicators, points, _options.IndicatorWidth);
        long batch = points.shape[0], count = points.shape[1];
        int sides = _partition.RegionsPerPoint, width = sides * _options.Terms;
        var rows = Rows(membership, points);
        var coefficients = parameters[Coefficients];
        if (parameters.BatchSize is null)
            coefficients = coefficients.unsqueeze(0);
        int groups = _partition.RegionCount / sides;
        var grouped = coefficients.reshape(-1, groups, width, OutputDimension).expand(batch, -1, -1, -1);
        Tensor result;
        if (groups == 1)
        {
            result = bmm(rows, grouped.squeeze(1));
        }
        else
        {
            // One row of coefficients per point: [B·groups, width, c] by flat index.
            var offset = arange(batch, ScalarType.Int64, points.device).unsqueeze(1) * groups;
            var picked = grouped.reshape(batch * groups, width, OutputDimension).index_select(0, (membership.Groups + offset).reshape(-1));
            result = bmm(rows.reshape(batch * count, 1, width), picked).reshape(batch, count, OutputDimension);
        }

        return (single ? result.squeeze(0) : result).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The location, and for each term of each set that the point may belong to: a product of d functions, the
    /// weight of the set, and a product and a sum for each channel.</remarks>
    public double FlopsPerSample(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return _partition.FlopsPerPoint + (_partition.RegionsPerPoint * _options.Terms * (InputDimension + (2.0 * OutputDimension)));
    }

    /// <inheritdoc/>
    public ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null)
    {
        this.Validate(parameters, coordinates);
        ArgumentNullException.ThrowIfNull(values);
        if (!(ridge >= 0 && double.IsFinite(ridge)))
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "The ridge is a finite number of at least 0.");
        using var scope = NewDisposeScope();
        var (indicators, points) = Batched(parameters, coordinates);
        long batch = Math.Max(points.shape[0], values.dim() == 3 ? values.shape[0] : 1), count = points.shape[1];
        if (values.shape[^1] != OutputDimension || values.shape[^2] != count)
            throw new ArgumentException($"values must have the shape [{count},{OutputDimension}] or [{batch},{count},{OutputDimension}]; they are [{string.Join(',', values.shape)}].", nameof(values));
        points = points.expand(batch, -1, -1);
        var membership = _partition.Locate([.. indicators.Select(t => t.expand([batch, .. t.shape[1..]]))], points, _options.IndicatorWidth);
        // Normal equations square the condition number: double precision.
        var rows = Rows(membership, points).to(ScalarType.Float64);
        var right = (values.dim() == 3 ? values : values.unsqueeze(0)).expand(batch, -1, -1).to(ScalarType.Float64);
        if (mask is not null)
        {
            var root = (mask.dim() == 2 ? mask : mask.unsqueeze(0)).expand(batch, -1).to(ScalarType.Float64).sqrt().unsqueeze(-1);
            rows = rows * root;
            right = right * root;
        }

        int sides = _partition.RegionsPerPoint, groups = _partition.RegionCount / sides, width = sides * _options.Terms;
        var (gram, moments) = groups == 1
            ? (bmm(rows.transpose(1, 2), rows).unsqueeze(1), bmm(rows.transpose(1, 2), right).unsqueeze(1))
            : Accumulate(rows, right, membership.Groups, groups);
        var diagonal = gram.diagonal(0, 2, 3).mean([2L], true).unsqueeze(-1);
        // An empty cell has no equations: the floor keeps it solvable, with coefficients 0.
        // Above the largest ridge the coefficients are 0 in any type, and the penalty might not be finite.
        var penalty = ((diagonal * Math.Min(ridge, LargestRidge)) + 1e-12) * eye(width, dtype: ScalarType.Float64, device: points.device);
        var solved = linalg.solve(gram + penalty, moments).to(values.dtype);
        var shaped = solved.reshape(batch, _partition.RegionCount, _options.Terms, OutputDimension);
        bool single = parameters.BatchSize is null && batch == 1 && coordinates.dim() == 2 && values.dim() == 2;
        var tensors = new List<Tensor>();
        for (int i = 0; i < indicators.Length; i++)
            tensors.Add(single ? parameters[i].alias() : indicators[i].expand([batch, .. indicators[i].shape[1..]]).clone());
        tensors.Add(single ? shaped.squeeze(0) : shaped);
        return new ParameterSet(Layout, tensors).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>Zero outside the regions that a place may belong to.</remarks>
    public Tensor LinearFeatures(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var (indicators, points) = Batched(parameters, coordinates);
        var membership = _partition.Locate(indicators, points, _options.IndicatorWidth);
        var rows = Rows(membership, points).squeeze(0);
        int width = _partition.RegionsPerPoint * _options.Terms;
        if (width == FeatureCount)
            return rows.MoveToOuterDisposeScope();
        var places = (membership.Groups.reshape(-1, 1) * width) + arange(width, dtype: ScalarType.Int64, device: points.device);
        return zeros([rows.shape[0], FeatureCount], rows.dtype, rows.device).scatter(1, places, rows).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public ParameterSet WithLinear(ParameterSet parameters, Tensor coefficients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(coefficients);
        long batch = coefficients.shape[0];
        var c = coefficients.reshape(batch, _partition.RegionCount, _options.Terms, OutputDimension);
        return parameters.Map((spec, t) => spec.Name == Coefficients ? c : t.unsqueeze(0).expand([batch, .. t.shape]));
    }

    private static PartitionKind KnownPartition(string name) => name.StartsWith(OwnFamily, StringComparison.Ordinal)
        ? throw new FormatException($"Its partition is of the type {name[OwnFamily.Length..]}, which only the program that wrote it can make. Register a target that makes it with TargetRegistry.")
        : Enum.Parse<PartitionKind>(name);

    private static IPartitionFamily Family(int dimension, CellFourierOptions options)
    {
        new CellFourierOptionsValidator().ThrowIfInvalid(options);
        return options.Partition switch
        {
            PartitionKind.PowerDiagram => new PowerDiagramPartition(dimension, options.Cells),
            PartitionKind.LevelSet => new LevelSetPartition(dimension, options.Cells, options.LevelTerms),
            _ => new CutGridPartition(dimension, options.Cells),
        };
    }

    private (Tensor[] Indicators, Tensor Points) Batched(ParameterSet parameters, Tensor coordinates)
    {
        bool hasBatch = parameters.BatchSize is not null;
        long batch = parameters.BatchSize ?? (coordinates.dim() == 3 ? coordinates.shape[0] : 1);
        var points = (coordinates.dim() == 3 ? coordinates : coordinates.unsqueeze(0)).expand(batch, -1, -1);
        Tensor[] indicators = [.. _partition.Parameters.Select((_, i) => hasBatch ? parameters[i] : parameters[i].unsqueeze(0))];
        return ([.. indicators.Select(t => t.expand([batch, .. t.shape[1..]]))], points);
    }

    // Indicator times function, [B,N,S·terms].
    private Tensor Rows(PartitionMembership membership, Tensor points)
    {
        var functions = Functions(membership.Local, points);
        var rows = membership.Weights.unsqueeze(-1) * functions;
        return rows.reshape(rows.shape[0], rows.shape[1], -1);
    }

    private Tensor Functions(Tensor local, Tensor points)
    {
        var frequencies = FourierFrequencies.ToTensor(_frequencies, points);
        switch (_options.Basis)
        {
            case FourierBasis.Cosine:
                return (local.unsqueeze(-2) * frequencies * Math.PI).cos().prod(-1, false);
            case FourierBasis.Fourier:
                var phase = (local.unsqueeze(-2) * frequencies).sum(-1) * (2 * Math.PI / _options.ExtensionFactor);
                // The sine of frequency 0 is no function.
                return cat([phase.cos(), phase.sin().narrow(-1, 1, _options.Terms - _frequencies.Length)], -1);
            default:
                var turn = ((points + 1) * 0.5).unsqueeze(2).unsqueeze(2) * frequencies;
                var angle = (turn.sum(-1) * (2 * Math.PI)).expand(-1, -1, local.shape[2], -1);
                return stack([angle.cos(), angle.sin()], -1).flatten(-2).narrow(-1, 0, _options.Terms);
        }
    }

    private static (Tensor Gram, Tensor Moments) Accumulate(Tensor rows, Tensor right, Tensor groups, int groupCount)
    {
        long batch = rows.shape[0], width = rows.shape[2], channels = right.shape[2];
        var slot = (groups + (arange(batch, ScalarType.Int64, rows.device).unsqueeze(1) * groupCount)).reshape(-1);
        var flat = rows.reshape(-1, width, 1);
        var outer = bmm(flat, rows.reshape(-1, 1, width)).reshape(-1, width * width);
        var moment = bmm(flat, right.reshape(-1, 1, channels)).reshape(-1, width * channels);
        var gram = zeros([batch * groupCount, width * width], ScalarType.Float64, rows.device).index_add(0, slot, outer, 1);
        var moments = zeros([batch * groupCount, width * channels], ScalarType.Float64, rows.device).index_add(0, slot, moment, 1);
        return (gram.reshape(batch, groupCount, width, width), moments.reshape(batch, groupCount, width, channels));
    }
}
