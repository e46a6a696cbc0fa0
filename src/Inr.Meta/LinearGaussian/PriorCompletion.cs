namespace Inr.Meta;

/// <summary>Expectation-maximization over signals of which parts are seen: complete each by a draw from its posterior, decompose the completed ones, and again.</summary>
/// <remarks>
/// Draws instead of means keep the variances right without a sum of posterior covariances (stochastic EM: Celeux and Diebolt
/// 1985). Components grow with the rounds, from coarse to fine: few are found fast, and the others start from what those leave.
/// </remarks>
internal sealed class PriorCompletion
{
    private const int FirstComponents = 8;
    private const double LeastNoise = 1e-10;

    // Numbers of a batch of bases: 128 MB.
    private const long BatchNumbers = 1 << 25;

    private readonly LatticeSamples _samples;
    private readonly RowSpace _space;
    private readonly LinearGaussianOptions _options;
    private readonly Tensor? _signs;
    private readonly Device _device;
    private readonly long _width;
    private Tensor _mean;
    private Tensor _components;
    private Tensor _variances;
    private double _noise;

    public PriorCompletion(LatticeSamples samples, RowSpace space, LinearGaussianOptions options, Tensor? signs, Device device)
    {
        _samples = samples;
        _space = space;
        _options = options;
        _signs = signs;
        _device = device;
        _width = samples.CellCount * samples.Channels;
        // The mean of what is seen in each cell; cells that nobody saw have that of all.
        var sums = zeros([samples.CellCount, samples.Channels], float32, device);
        var counts = zeros([samples.CellCount, 1], float32, device);
        double squares = 0;
        foreach (var (_, cells, values) in samples.Batches(_ => 64))
        {
            using var scope = NewDisposeScope();
            var flat = cells.reshape(-1).to(device);
            sums.index_add_(0, flat, values.reshape(-1, samples.Channels).to(device), 1);
            counts.index_add_(0, flat, ones([flat.shape[0], 1], float32, device), 1);
            squares += values.square().sum(type: float64).item<double>();
        }

        var usual = sums.sum([0L]) / counts.sum();
        var mean = where(counts.gt(0), sums / counts.clamp_min(1), usual);
        _mean = space.Rows(mean.unsqueeze(0))[0];
        _components = zeros([1, space.Width], float32, device);
        _variances = zeros([1], float32, device);
        double energy = (mean.square() * counts).sum(type: float64).item<double>();
        _noise = Math.Max((squares - energy) / (samples.Seen * samples.Channels), LeastNoise);
    }

    /// <summary>Mean [P], components [n,P], variances [n] and the mean square that they leave.</summary>
    public (Tensor Mean, Tensor Components, Tensor Variances, double Noise) Result
    {
        get
        {
            double known = (_options.Noise ?? 0) * (_options.Noise ?? 0);
            return (_mean, _components, _variances, Math.Max(_noise - known, LeastNoise));
        }
    }

    /// <summary>One round.</summary>
    /// <returns>The mean square that the components leave.</returns>
    public double Round(int round, CancellationToken token)
    {
        using var scope = NewDisposeScope();
        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Learner, round);
        long n = _components.shape[0], channels = _samples.Channels;
        // Functions on the grid: [N·c, n], scaled by their standard deviations.
        var basis = (_space.Render(_space.Coefficients(_components)).reshape(n, -1) * _variances.sqrt().unsqueeze(1)).transpose(0, 1).contiguous();
        var mean = _space.Render(_space.Coefficients(_mean.unsqueeze(0))).reshape(-1);
        var rows = empty([_samples.Count, _space.Width], float32, _device);
        double known = (_options.Noise ?? 0) * (_options.Noise ?? 0);
        double trust = Math.Max(_noise - known, 0) / _noise, squares = 0;
        foreach (var (signals, cells, values) in _samples.Batches(m => (int)Math.Min(32, BatchNumbers / (m * channels * n))))
        {
            token.ThrowIfCancellationRequested();
            using var piece = NewDisposeScope();
            long batch = signals.Length;
            // The cells' values in a row of all: cell·c + channel.
            var at = ((cells.to(_device) * channels).unsqueeze(-1) + arange(channels, dtype: int64, device: _device)).reshape(batch, -1);
            var seen = basis.index_select(0, at.reshape(-1)).reshape(batch, -1, n);
            var rest = values.to(_device) - mean.take(at);
            var system = bmm(seen.transpose(1, 2), seen);
            system.diagonal(0, 1, 2).add_(_noise);
            var factor = linalg.cholesky(system);
            var z = cholesky_solve(bmm(seen.transpose(1, 2), rest.unsqueeze(-1)), factor, upper: false);
            var draw = randn([batch, n, 1], dtype: float32, device: CPU, generator: generator).to(_device);
            z = z + (linalg.solve_triangular(factor.transpose(1, 2), draw, upper: true) * Math.Sqrt(_noise));
            var left = rest - bmm(seen, z).squeeze(-1);
            squares += left.square().sum(type: float64).item<double>();
            var full = mean + z.squeeze(-1).mm(basis.transpose(0, 1));
            full.scatter_add_(1, at, left * trust);
            rows.index_copy_(0, tensor(signals, device: _device), _space.Rows(full.reshape(batch, -1, channels)));
        }

        using var search = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Learner, round + (1L << 32));
        var (newMean, components, variances) = new PrincipalComponents(() => [rows], _space.Width, kept: true, _signs, search).Find(Wanted(round));
        // White noise is in the cells that were seen alone, and is no component's.
        double share = (double)_samples.Seen / ((double)_samples.Count * _samples.CellCount);
        variances = (variances - (share * trust * _noise / _samples.CellCount)).clamp_min(variances.max().item<float>() * 1e-7);
        _noise = Math.Max(squares / (_samples.Seen * channels), Math.Max(known, LeastNoise));
        foreach (var (old, renewed) in ((Tensor, Tensor)[])[(_mean, newMean), (_components, components), (_variances, variances)])
        {
            old.Dispose();
            renewed.MoveToOuterDisposeScope();
        }

        (_mean, _components, _variances) = (newMean, components, variances);
        return _noise;
    }

    // From few to all within two thirds of the rounds.
    private long Wanted(int round)
    {
        double grown = Math.Min(1, (round + 1) / (_options.Rounds * 2 / 3.0));
        return Math.Min(_options.Components, (long)Math.Ceiling(FirstComponents * Math.Pow((double)Math.Max(_options.Components, FirstComponents) / FirstComponents, grown)));
    }
}
