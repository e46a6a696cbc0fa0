using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>Cosines over the whole domain: <c>f(x) = Σ_u C_u Π_a φ_{u_a}(x_a)</c> over a box of frequencies, with <c>φ_0 = 1</c> and <c>φ_u(x) = √2·cos(πu(x+1)/2)</c>.</summary>
/// <remarks>
/// On a grid of cell centres with at least as many samples as frequencies on every axis these functions are orthonormal (the
/// transform of Ahmed, Natarajan and Rao 1974), so that sizes of coefficients are sizes of functions. The layout is fixed, so
/// that priors are learned over C; the function renders at any size, by one product along each axis.
/// </remarks>
public sealed class CosineTarget : ITrainableTarget, ILinearFeatures, IReportsFlops
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "cosine";

    internal const int MostFrequencies = 4096;

    private const string Coefficients = "coefficients";
    private const long MostCoefficients = 1 << 26;

    private readonly int[] _frequencies;

    /// <summary>Creates the function.</summary>
    /// <param name="channels">Values c.</param>
    /// <param name="frequencies">Frequencies along each of 1 to 3 axes, from 0; each from 1 to 4,096.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public CosineTarget(int channels, IReadOnlyList<int> frequencies)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        if (channels is < 1 or > 64)
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A cosine expansion has 1 to 64 channels.");
        if (frequencies.Count is < 1 or > 3 || frequencies.Any(n => n is < 1 or > MostFrequencies) || frequencies.Aggregate((double)channels, (p, n) => p * n) > MostCoefficients)
            throw new ArgumentException($"The frequencies are {string.Join('×', frequencies)}; there must be 1 to 3 axes of 1 to {MostFrequencies}, and at most {MostCoefficients} coefficients.", nameof(frequencies));
        _frequencies = [.. frequencies];
        OutputDimension = channels;
        FeatureCount = frequencies.Aggregate(1L, (p, n) => p * n);
        Layout = new ParameterLayout([new ParameterSpec(Coefficients, [FeatureCount, channels], ParameterRole.Coefficient)]);
    }

    /// <inheritdoc/>
    public int InputDimension => _frequencies.Length;

    /// <inheritdoc/>
    public int OutputDimension { get; }

    /// <summary>Frequencies along each axis.</summary>
    public IReadOnlyList<int> Frequencies => _frequencies;

    /// <inheritdoc/>
    public long FeatureCount { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>The coefficients.</summary>
    public IReadOnlyList<string> LinearParameters { get; } = [Coefficients];

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, new JsonObject
    {
        ["channels"] = OutputDimension,
        ["frequencies"] = new JsonArray([.. _frequencies.Select(n => (JsonNode)n)]),
    });

    internal static CosineTarget FromOptions(JsonObject options) => new(options.Int("channels"), options.List<int>("frequencies"));

    /// <inheritdoc/>
    /// <remarks>Small random coefficients that fall with the frequency.</remarks>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        InitialParameters.Draw(Layout, generator, device, g => [randn([.. Layout[0].Shape], dtype: float32, device: CPU, generator: g) * (0.1 / Math.Sqrt(FeatureCount))]);

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        bool single = parameters.BatchSize is null && coordinates.dim() == 2;
        var points = coordinates.dim() == 3 ? coordinates : coordinates.unsqueeze(0);
        var c = parameters.BatchSize is null ? parameters[0].unsqueeze(0) : parameters[0];
        long batch = Math.Max(points.shape[0], c.shape[0]), count = points.shape[1];
        points = points.expand(batch, -1, -1);
        c = c.expand(batch, -1, -1);
        int last = _frequencies.Length - 1;
        // [B, rest, n_last, c] → the last axis first, one product for all points.
        var turned = c.reshape(batch, -1, _frequencies[last], OutputDimension).transpose(1, 2).reshape(batch, _frequencies[last], -1);
        var left = bmm(Along(points.select(2, last), last), turned);
        for (int axis = last - 1; axis >= 0; axis--)
        {
            var table = Along(points.select(2, axis), axis);
            left = (left.reshape(batch, count, -1, _frequencies[axis], OutputDimension) * table.reshape(batch, count, 1, _frequencies[axis], 1)).sum(3).reshape(batch, count, -1);
        }

        return (single ? left.squeeze(0) : left).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public BoundFunction Bind(ParameterSet parameters) => new BoundCosine(this, parameters);

    /// <inheritdoc/>
    /// <remarks>A product and a sum for every coefficient, and a cosine for every frequency of an axis.</remarks>
    public double FlopsPerSample(ParameterSet parameters) => (2.0 * FeatureCount * OutputDimension) + _frequencies.Sum();

    /// <inheritdoc/>
    public ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null)
    {
        this.Validate(parameters, coordinates);
        ArgumentNullException.ThrowIfNull(values);
        if (!(ridge >= 0 && double.IsFinite(ridge)))
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "The ridge is a finite number of at least 0.");
        using var scope = NewDisposeScope();
        bool single = parameters.BatchSize is null && coordinates.dim() == 2 && values.dim() == 2;
        var points = coordinates.dim() == 3 ? coordinates : coordinates.unsqueeze(0);
        var right = (values.dim() == 3 ? values : values.unsqueeze(0)).to(float64);
        if (right.shape[1] != points.shape[1] || right.shape[2] != OutputDimension)
            throw new ArgumentException($"values must have the shape [{points.shape[1]},{OutputDimension}], with or without a batch axis; they are {Shapes.Text(values)}.", nameof(values));
        long batch = Math.Max(Math.Max(points.shape[0], right.shape[0]), parameters.BatchSize ?? 1);
        var rows = Features(points.to(float64)).expand(batch, -1, -1);
        right = right.expand(batch, -1, -1);
        if (mask is not null)
        {
            var root = (mask.dim() == 2 ? mask : mask.unsqueeze(0)).expand(batch, -1).to(float64).sqrt().unsqueeze(-1);
            (rows, right) = (rows * root, right * root);
        }

        var gram = bmm(rows.transpose(1, 2), rows);
        var level = gram.diagonal(0, 1, 2).mean([1L], true).unsqueeze(-1);
        // Dependent rows, or none at all, stay solvable.
        var penalty = ((level * Math.Min(ridge, 1e150)) + 1e-12) * eye(FeatureCount, dtype: float64, device: gram.device);
        var solved = linalg.solve(gram + penalty, bmm(rows.transpose(1, 2), right)).to(values.dtype);
        return new ParameterSet(Layout, [single ? solved.squeeze(0) : solved]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool IsOrthonormalOn(IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count == _frequencies.Length && shape.Zip(_frequencies).All(p => p.First >= p.Second);
    }

    /// <inheritdoc/>
    /// <remarks>Cosines of odd frequency change their sign.</remarks>
    public Tensor? ReflectionSigns(int axis)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(axis, _frequencies.Length);
        using var scope = NewDisposeScope();
        long[] shape = [.. _frequencies.Select((n, a) => a == axis ? (long)n : 1)];
        var signs = 1 - ((arange(_frequencies[axis], dtype: float32) % 2) * 2);
        return signs.reshape(shape).expand([.. _frequencies.Select(n => (long)n)]).reshape(-1).clone().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor LinearFeatures(ParameterSet parameters, Tensor coordinates)
    {
        Shapes.Require(coordinates, nameof(coordinates), $"[N,{InputDimension}]", 2);
        using var scope = NewDisposeScope();
        return Features(coordinates.unsqueeze(0)).squeeze(0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor RenderLinear(ParameterSet parameters, IReadOnlyList<int> shape, Tensor coefficients)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shapes.Require(coefficients, nameof(coefficients), "[B,F,c]", 3);
        return Separable([.. shape.Select((n, a) => CentreTable(n, a, coefficients))], coefficients);
    }

    /// <inheritdoc/>
    public Tensor ProjectLinear(ParameterSet parameters, IReadOnlyList<int> shape, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shapes.Require(values, nameof(values), "[B,N,c]", 3);
        using var scope = NewDisposeScope();
        return Separable([.. shape.Select((n, a) => CentreTable(n, a, values).transpose(0, 1))], values).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public ParameterSet WithLinear(ParameterSet parameters, Tensor coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        return new ParameterSet(Layout, [coefficients.alias()]);
    }

    // The functions of an axis at places [...]; shape [...,n].
    internal Tensor Along(Tensor places, int axis)
    {
        using var scope = NewDisposeScope();
        int n = _frequencies[axis];
        var turns = arange(n, dtype: places.dtype, device: places.device) * (Math.PI / 2);
        var scale = full([n], Math.Sqrt(2), dtype: places.dtype, device: places.device);
        scale.narrow(0, 0, 1).fill_(1);
        return (((places + 1).unsqueeze(-1) * turns).cos() * scale).MoveToOuterDisposeScope();
    }

    // [B, n_1·…·n_d, c] times a table [m_a, n_a] on each axis → [B, m_1·…·m_d, c].
    internal static Tensor Separable(IReadOnlyList<Tensor> tables, Tensor numbers)
    {
        using var scope = NewDisposeScope();
        long batch = numbers.shape[0], channels = numbers.shape[2];
        var x = numbers;
        long before = 1;
        for (int axis = 0; axis < tables.Count; axis++)
        {
            long n = tables[axis].shape[1], m = tables[axis].shape[0];
            // [B·before, n, rest] ← table · that
            var cut = x.reshape(batch * before, n, -1);
            x = bmm(tables[axis].unsqueeze(0).expand(cut.shape[0], m, n), cut);
            before *= m;
        }

        return x.reshape(batch, before, channels).MoveToOuterDisposeScope();
    }

    private Tensor CentreTable(int count, int axis, Tensor like)
    {
        using var scope = NewDisposeScope();
        var centres = ((arange(count, dtype: float64) * 2) + 1) / count - 1;
        return Along(centres, axis).to(like.dtype).to(like.device).MoveToOuterDisposeScope();
    }

    // [B,N,d] → [B,N,F]
    private Tensor Features(Tensor points)
    {
        var features = Along(points.select(2, 0), 0);
        for (int axis = 1; axis < _frequencies.Length; axis++)
            features = (features.unsqueeze(-1) * Along(points.select(2, axis), axis).unsqueeze(2)).flatten(2);
        return features;
    }
}
