namespace Inr.Parameterizations.Tests.Mlp.Engine;

/// <summary>A perceptron in double precision by plain loops, one sample at a time: what the engine must agree with.</summary>
internal sealed class PerceptronTwin
{
    private readonly PerceptronDescription _network;
    private readonly DenseLayer[] _layers;
    private readonly double[] _frequencies;
    private readonly double[][] _weights;
    private readonly double[][] _biases;

    public PerceptronTwin(PerceptronDescription network, ParameterSet parameters)
    {
        _network = network;
        _layers = [.. network.Layers];
        int encoding = parameters.Layout.Count - 2 * _layers.Length;
        _frequencies = encoding > 0 ? Numbers(parameters[0]) : [];
        _weights = [.. _layers.Select((_, l) => Numbers(parameters[encoding + 2 * l]))];
        _biases = [.. _layers.Select((_, l) => Numbers(parameters[encoding + 2 * l + 1]))];
    }

    /// <summary>Weight and bias gradients in turn, after a call of <see cref="Differentiate"/>.</summary>
    public double[][] Gradients { get; private set; } = [];

    /// <summary>f(x).</summary>
    public double[] Evaluate(double[] x) => Run(x).Output;

    /// <summary>Σ mask·(f − y)² over the samples; leaves the gradient.</summary>
    public double Differentiate(double[][] x, double[][] y, double[]? mask)
    {
        Gradients = [.. _layers.SelectMany((_, l) => new[] { new double[_weights[l].Length], new double[_biases[l].Length] })];
        double sum = 0;
        for (int n = 0; n < x.Length; n++)
        {
            var (features, slopes, output) = Run(x[n]);
            double weight = mask?[n] ?? 1;
            var delta = new double[output.Length];
            for (int c = 0; c < output.Length; c++)
            {
                double error = output[c] - y[n][c];
                sum += weight * error * error;
                delta[c] = 2 * weight * error * (_network.Output == OutputMap.Sigmoid ? output[c] * (1 - output[c]) : 1);
            }

            for (int l = _layers.Length - 1; l >= 0; l--)
            {
                int inputs = _layers[l].Inputs;
                var before = new double[inputs];
                for (int o = 0; o < delta.Length; o++)
                {
                    Gradients[2 * l + 1][o] += delta[o];
                    for (int i = 0; i < inputs; i++)
                    {
                        Gradients[2 * l][o * inputs + i] += delta[o] * features[l][i];
                        before[i] += delta[o] * _weights[l][o * inputs + i];
                    }
                }

                if (l > 0)
                    delta = [.. before.Select((b, i) => b * slopes[l - 1][i])];
            }
        }

        return sum;
    }

    // The features that go into each layer, the slopes of each hidden layer in W·h + b, and the output.
    private (List<double[]> Features, List<double[]> Slopes, double[] Output) Run(double[] x)
    {
        var h = Encode(x);
        var features = new List<double[]>();
        var slopes = new List<double[]>();
        for (int l = 0; l < _layers.Length; l++)
        {
            features.Add(h);
            var layer = _layers[l];
            double[] z = [.. Enumerable.Range(0, layer.Outputs).Select(o => _biases[l][o] + h.Select((v, i) => v * _weights[l][o * layer.Inputs + i]).Sum())];
            if (layer.Activation is not { } activation)
                return (features, slopes, [.. z.Select(v => _network.Output == OutputMap.Sigmoid ? 1 / (1 + Math.Exp(-v)) : v + _network.OutputOffset)]);
            var results = z.Select(v => Activate(activation.Function.Name, activation.Omega * v, activation.Omega)).ToArray();
            h = [.. results.Select(r => r.Value)];
            slopes.Add([.. results.Select(r => activation.Omega * r.Slope)]);
        }

        throw new InvalidOperationException("The last layer has no activation.");
    }

    private double[] Encode(double[] x)
    {
        double[] phases = _network.Encoding switch
        {
            PositionalEncoding p => [.. x.SelectMany(v => p.Frequencies().Select(w => Math.PI * v * w))],
            GaussianEncoding g => [.. Enumerable.Range(0, g.Frequencies).Select(f => Math.PI * x.Select((v, k) => (v + 1) * _frequencies[f * x.Length + k]).Sum())],
            _ => [],
        };
        return phases.Length == 0 ? x : [.. phases.Select(Math.Cos), .. phases.Select(Math.Sin)];
    }

    private static (double Value, double Slope) Activate(string name, double u, double omega) => name switch
    {
        "relu" => (Math.Max(u, 0), u > 0 ? 1 : 0),
        "sine" => (Math.Sin(u), Math.Cos(u)),
        "finer" => (Math.Sin((Math.Abs(u) / omega + 1) * u), Math.Cos((Math.Abs(u) / omega + 1) * u) * (2 * Math.Abs(u) / omega + 1)),
        "gauss" => (Math.Exp(-u * u), -2 * u * Math.Exp(-u * u)),
        "tanh" => (Math.Tanh(u), 1 - Math.Tanh(u) * Math.Tanh(u)),
        "gelu" => (u * NormalDistribution(u), NormalDistribution(u) + u * Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI)),
        _ => throw new ArgumentException($"There is no twin of '{name}'.", nameof(name)),
    };

    // Φ by its series, Σ u^(2k+1)/(1·3·…·(2k+1)), which converges everywhere.
    private static double NormalDistribution(double u)
    {
        double term = u, sum = u;
        for (int k = 3; k < 400; k += 2)
            sum += term *= u * u / k;
        return Math.Abs(u) > 8 ? (u > 0 ? 1 : 0) : 0.5 + sum * Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static double[] Numbers(Tensor tensor) => [.. tensor.to(float64).reshape(-1).data<double>()];
}
