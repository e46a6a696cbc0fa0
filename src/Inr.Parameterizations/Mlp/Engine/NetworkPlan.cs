namespace Inr.Parameterizations.Engine;

/// <summary>A described network as the engine computes it: where every number of its weights and gradients lies.</summary>
internal sealed class NetworkPlan
{
    /// <summary>The features of a panel.</summary>
    public const int Panel = 32;

    // Up to so many coordinates, the first layer's gradient is laid out by input.
    private const int FewInputs = 8;

    private NetworkPlan(PerceptronDescription network)
    {
        Network = network;
        Coordinates = network.InputDimension;
        Channels = network.OutputDimension;
        Offset = network.Output == OutputMap.Linear ? (float)network.OutputOffset : 0;
        IsSigmoid = network.Output == OutputMap.Sigmoid;
        FrequencyTensors = network.Encoding is GaussianEncoding ? 1 : 0;
        Frequencies = network.Encoding switch
        {
            GaussianEncoding g => g.Frequencies,
            PositionalEncoding p => p.Size / 2 * network.InputDimension,
            _ => 0,
        };
        int phases = RoundUp(Frequencies, Panel);
        nint place = (nint)phases * Coordinates;
        nint gradient = 0;
        var layers = network.Layers;
        Layers = new LayerPlan[layers.Count];
        for (int i = 0; i < Layers.Length; i++)
        {
            bool last = i + 1 == Layers.Length;
            bool encoded = i == 0 && Frequencies > 0;
            int inputs = encoded ? 2 * phases : layers[i].Inputs;
            int outputs = layers[i].Outputs;
            int rows = RoundUp(outputs, 4);
            nint padded = (nint)Panels(outputs) * Panel;
            nint forward = place;
            place += last ? 0 : padded * inputs;
            nint natural = place;
            place += last || i > 0 ? (nint)Panels(inputs) * rows * Panel : 0;
            nint bias = place;
            place += padded;
            bool narrow = i == 0 && !last && !encoded && inputs <= FewInputs;
            Layers[i] = new LayerPlan
            {
                Inputs = inputs,
                Outputs = outputs,
                Columns = encoded && Frequencies != phases ? Gapped(Frequencies, phases) : null,
                ColumnCount = layers[i].Inputs,
                Kind = layers[i].Activation is { } a ? KindOf(a.Function)!.Value : ActivationKind.Relu,
                Omega = (float)(layers[i].Activation?.Omega ?? 1),
                IsLast = last,
                IsNarrow = narrow,
                Forward = forward,
                Natural = natural,
                Bias = bias,
                Gradient = gradient,
                BiasGradient = gradient + (narrow ? inputs * padded : (nint)Panels(inputs) * rows * Panel),
            };
            gradient = Layers[i].BiasGradient + padded;
        }

        WeightFloats = place;
        GradientFloats = gradient;
        // The weight gradients of wide layers do not stay in cache, so that each visit of them should bring more points.
        TilePoints = layers.Max(l => l.Outputs) > 256 ? 128 : 64;
    }

    /// <summary>The description.</summary>
    public PerceptronDescription Network { get; }

    public LayerPlan[] Layers { get; }

    /// <summary>The coordinates d of a point.</summary>
    public int Coordinates { get; }

    /// <summary>The values c of a point.</summary>
    public int Channels { get; }

    /// <summary>What is added to a linear output.</summary>
    public float Offset { get; }

    public bool IsSigmoid { get; }

    /// <summary>The cosines of the encoding; as many sines follow. 0 without an encoding.</summary>
    public int Frequencies { get; }

    /// <summary>The tensors of θ before those of the layers.</summary>
    public int FrequencyTensors { get; }

    /// <summary>The points that go through the layers together.</summary>
    public int TilePoints { get; }

    /// <summary>Floats of the packed weights of one function: the frequencies, shape [coordinates][phases], and the layers.</summary>
    public nint WeightFloats { get; }

    /// <summary>Floats of the gradient of one function.</summary>
    public nint GradientFloats { get; }

    public static int RoundUp(int value, int step) => checked((value + step - 1) / step * step);

    public static int Panels(int features) => (features + Panel - 1) / Panel;

    /// <summary>The plan of a network; null where it has an encoding or an activation that there is no kernel of.</summary>
    public static NetworkPlan? Of(PerceptronDescription network) =>
        network.Encoding is NoEncoding or PositionalEncoding or GaussianEncoding
        && network.Layers.All(l => l.Activation is null || KindOf(l.Activation.Function) is not null)
        && network.Layers.All(l => (long)RoundUp(l.Inputs, 2 * Panel) * RoundUp(l.Outputs, Panel) < int.MaxValue / 2)
            ? new NetworkPlan(network)
            : null;

    // By reference: an application may register a row of the same name.
    private static ActivationKind? KindOf(Activation activation) =>
        ReferenceEquals(activation, Activation.Relu) ? ActivationKind.Relu
        : ReferenceEquals(activation, Activation.Sine) ? ActivationKind.Sine
        : ReferenceEquals(activation, Activation.Finer) ? ActivationKind.Finer
        : ReferenceEquals(activation, Activation.Gauss) ? ActivationKind.Gauss
        : ReferenceEquals(activation, Activation.Tanh) ? ActivationKind.Tanh
        : ReferenceEquals(activation, Activation.Gelu) ? ActivationKind.Gelu
        : null;

    // Cosines and sines each begin a panel.
    private static int[] Gapped(int frequencies, int phases)
    {
        int[] columns = new int[2 * phases];
        Array.Fill(columns, -1);
        for (int f = 0; f < frequencies; f++)
        {
            columns[f] = f;
            columns[phases + f] = frequencies + f;
        }

        return columns;
    }
}
