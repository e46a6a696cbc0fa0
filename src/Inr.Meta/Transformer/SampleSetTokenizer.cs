namespace Inr.Meta;

/// <summary>Any sampled signal as a set of tokens: audio, scattered points, partial observations, in any number.</summary>
/// <remarks>
/// A sample (x, y) gives the features <c>u = [cos(πw_k x), sin(πw_k x), x, y]</c> with geometric frequencies
/// w₁ = 1 … w_n; a token is the mean over m consecutive samples of <c>W₂·gelu(W₁u + b₁) + b₂</c>. With m = 1 the tokens
/// are a set: their order does not matter, because the encoder has no other notion of position. Larger m keeps long
/// signals affordable: sound of 16,000 samples with m = 200 makes 80 tokens. Samples that a mask leaves out do not count
/// in the mean, and a token of such samples only is masked itself.
/// </remarks>
public sealed class SampleSetTokenizer : ISignalTokenizer
{
    private readonly int _inputs;
    private readonly int _channels;
    private readonly int _frequencies;
    private readonly double _maxFrequency;
    private readonly int _samplesPerToken;
    private readonly ParameterSpec[] _first;
    private readonly ParameterSpec[] _second;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="inputDimension">Coordinates d of a sample.</param>
    /// <param name="channels">Values c of a sample.</param>
    /// <param name="dimension">The width of a token.</param>
    /// <param name="samplesPerToken">Samples m whose mean makes a token.</param>
    /// <param name="frequencies">Frequencies n of the encoding of a coordinate.</param>
    /// <param name="maxFrequency">The largest of them, in cycles over [-1,1]; at most half the sample rate.</param>
    public SampleSetTokenizer(int inputDimension, int channels, int dimension, int samplesPerToken = 1, int frequencies = 16, double maxFrequency = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerToken, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequencies, 1);
        if (!(maxFrequency is >= 1 and <= 1e6))
            throw new ArgumentOutOfRangeException(nameof(maxFrequency), maxFrequency, "The largest frequency lies between 1 and 1e6.");
        _inputs = inputDimension;
        _channels = channels;
        _samplesPerToken = samplesPerToken;
        _frequencies = frequencies;
        _maxFrequency = maxFrequency;
        long features = inputDimension * (2L * frequencies + 1) + channels;
        _first = LinearLayer.Specs("tokenizer.samplefc.0", features, dimension);
        _second = LinearLayer.Specs("tokenizer.samplefc.2", dimension, dimension);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Specs => [.. _first, .. _second];

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Initialize(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return [.. _first.Concat(_second).Select((spec, i) => LinearLayer.Draw(spec.Shape, (i < 2 ? _first : _second)[0].Shape[1], generator))];
    }

    /// <inheritdoc/>
    public TokenBatch Tokenize(ParameterSet weights, SignalBatch signals, ScalarType linearType = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Coordinates.shape[^1] != _inputs || signals.Values.shape[2] != _channels)
            throw new SignalMismatchException($"These weights are for samples of {_inputs} coordinates and {_channels} values; the signals have {signals.Coordinates.shape[^1]} and {signals.Values.shape[2]}.", nameof(signals));

        using var scope = NewDisposeScope();
        var h = MixedLinear.Apply(Features(signals), weights[_first[0].Name], weights[_first[1].Name], linearType);
        h = MixedLinear.Apply(nn.functional.gelu(h), weights[_second[0].Name], weights[_second[1].Name], linearType).to(float32);
        return Pool(h, signals.Mask);
    }

    private Tensor Features(SignalBatch signals)
    {
        var x = signals.Coordinates;
        var w = exp(linspace(0, Math.Log(_maxFrequency), _frequencies, dtype: x.dtype, device: x.device)) * Math.PI;
        var phase = (x.unsqueeze(-1) * w).flatten(-2);
        var position = cat([phase.cos(), phase.sin(), x], -1);
        if (position.dim() == 2)
            position = position.unsqueeze(0).expand(signals.Count, position.shape[0], position.shape[1]);
        return cat([position, signals.Values], -1);
    }

    private TokenBatch Pool(Tensor samples, Tensor? mask)
    {
        long batch = samples.shape[0];
        long count = samples.shape[1];
        if (_samplesPerToken == 1)
            return new TokenBatch(samples.MoveToOuterDisposeScope(), mask?.clone().MoveToOuterDisposeScope());

        long tokens = (count + _samplesPerToken - 1) / _samplesPerToken;
        long missing = tokens * _samplesPerToken - count;
        var counts = mask ?? ones(batch, count, dtype: samples.dtype, device: samples.device);
        if (missing > 0)
        {
            samples = nn.functional.pad(samples, [0L, 0L, 0L, missing]);
            counts = nn.functional.pad(counts, [0L, missing]);
        }

        var weight = counts.reshape(batch, tokens, _samplesPerToken, 1);
        var sum = (samples.reshape(batch, tokens, _samplesPerToken, -1) * weight).sum(2);
        var total = weight.sum(2);
        return new TokenBatch(
            (sum / total.clamp_min(1)).MoveToOuterDisposeScope(),
            mask is null ? null : total.squeeze(-1).gt(0).to(samples.dtype).MoveToOuterDisposeScope());
    }
}
