using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>A <see cref="TileNetwork"/> on vectors of one width.</summary>
internal sealed unsafe class TileNetwork<TLanes, TVector> : TileNetwork
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Panel = NetworkPlan.Panel;

    private readonly NetworkPlan _plan;
    private readonly LayerPlan[] _layers;
    private readonly int _tile;
    private readonly nint _nextPanel;

    // Scratch: coordinates or encoding, outputs, their gradient, then outputs and slopes of each hidden layer.
    private readonly nint _coordinates;
    private readonly nint _outputs;
    private readonly nint _errors;
    private readonly nint[] _features;
    private readonly nint[] _slopes;

    // Floats of the features of the widest hidden layer; two of them fit where features and slopes of all lie.
    private readonly nint _widest;

    public TileNetwork(NetworkPlan plan)
    {
        _plan = plan;
        _layers = plan.Layers;
        _tile = plan.TilePoints;
        _nextPanel = (nint)_tile * Panel;
        nint place = 0;
        nint Take(nint floats)
        {
            nint start = place;
            place += floats;
            return start;
        }

        // features[l] goes into layer l.
        _features = new nint[_layers.Length];
        _features[0] = Take(_layers[0].InputPanels * _nextPanel);
        _coordinates = plan.Frequencies > 0 ? Take(NetworkPlan.Panels(plan.Coordinates) * _nextPanel) : _features[0];
        _outputs = Take((nint)_tile * _layers[^1].Rows);
        _errors = Take(_layers[^1].OutputPanels * _nextPanel);
        _slopes = new nint[_layers.Length];
        for (int l = 1; l < _layers.Length; l++)
        {
            _features[l] = Take(_layers[l].InputPanels * _nextPanel);
            _slopes[l] = Take(_layers[l].InputPanels * _nextPanel);
        }

        _widest = _layers.Skip(1).Select(l => l.InputPanels * _nextPanel).DefaultIfEmpty().Max();
        ScratchFloats = place;
    }

    public override nint ScratchFloats { get; }

    public override string Lanes => TLanes.Name;

    public override void Evaluate(float* weights, in PointSource points, long start, int count, float* values, float* scratch)
    {
        int padded = Prepare(weights, points, start, count, scratch);
        for (int l = 0; l + 1 < _layers.Length; l++)
        {
            var layer = _layers[l];
            // Two buffers in turn.
            float* x = l == 0 ? scratch + _features[0] : scratch + _features[1] + (l % 2 == 1 ? 0 : _widest);
            float* y = scratch + _features[1] + (l % 2 == 0 ? 0 : _widest);
            for (int o = 0; o < layer.OutputPanels; o++)
            {
                float* panel = y + o * _nextPanel;
                MultiplyPanel(weights, layer, o, x, panel, padded);
                Activate(layer, panel, padded * Panel);
            }
        }

        int hidden = _layers.Length - 1;
        Output(weights, hidden == 0 ? scratch + _features[0] : scratch + _features[1] + (hidden % 2 == 1 ? 0 : _widest), padded, scratch);
        int channels = _plan.Channels;
        int rows = _layers[^1].Rows;
        float* outputs = scratch + _outputs;
        for (int p = 0; p < count; p++)
        {
            for (int c = 0; c < channels; c++)
                *values++ = Map(outputs[p * rows + c]);
        }
    }

    public override double Differentiate(float* weights, in PointSource points, long start, int count, float* observed, float* mask, float* gradient, bool fresh, float* scratch)
    {
        int padded = Prepare(weights, points, start, count, scratch);
        for (int l = 0; l + 1 < _layers.Length; l++)
        {
            var layer = _layers[l];
            for (int o = 0; o < layer.OutputPanels; o++)
            {
                float* panel = scratch + _features[l + 1] + o * _nextPanel;
                MultiplyPanel(weights, layer, o, scratch + _features[l], panel, padded);
                ActivateWithSlope(layer, panel, scratch + _slopes[l + 1] + o * _nextPanel, padded * Panel);
            }
        }

        Output(weights, scratch + _features[^1], padded, scratch);
        double sum = Errors(observed, mask, count, padded, scratch);
        float* d = scratch + _errors;
        for (int l = _layers.Length - 1; l >= 0; l--)
        {
            var layer = _layers[l];
            AddGradient(layer, d, scratch + _features[l], padded, gradient, fresh);
            if (l == 0)
                break;
            float* before = scratch + _slopes[l];
            for (int i = 0; i < layer.InputPanels; i++)
                MatrixKernels<TLanes, TVector>.Multiply(d, _nextPanel, layer.Outputs, weights + layer.Natural + (nint)i * layer.Rows * Panel, null, before + i * _nextPanel, padded, scale: true);
            d = before;
        }

        return sum;
    }

    public override void Gather(int layer, int panel, float* shards, int count, nint stride, float* weight, float* bias)
    {
        var plan = _layers[layer];
        if (panel == 0)
        {
            Sum(shards + plan.BiasGradient, plan.OutputPanels * Panel, count, stride);
            new ReadOnlySpan<float>(shards + plan.BiasGradient, plan.Outputs).CopyTo(new Span<float>(bias, plan.Outputs));
        }

        if (plan.IsNarrow)
        {
            nint row = (nint)plan.OutputPanels * Panel;
            float* all = shards + plan.Gradient;
            Sum(all, (int)(plan.Inputs * row), count, stride);
            for (int o = 0; o < plan.Outputs; o++)
            {
                for (int i = 0; i < plan.Inputs; i++)
                    weight[o * plan.Inputs + i] = all[i * row + o];
            }

            return;
        }

        float* g = shards + plan.Gradient + (nint)panel * plan.Rows * Panel;
        Sum(g, plan.Rows * Panel, count, stride);
        int lanes = Math.Min(Panel, plan.Inputs - panel * Panel);
        for (int o = 0; o < plan.Outputs; o++, g += Panel)
        {
            float* row = weight + (nint)o * plan.ColumnCount;
            if (plan.Columns is not { } columns)
            {
                new ReadOnlySpan<float>(g, lanes).CopyTo(new Span<float>(row + panel * Panel, lanes));
                continue;
            }

            for (int i = 0; i < lanes; i++)
            {
                if (columns[panel * Panel + i] is >= 0 and var column)
                    row[column] = g[i];
            }
        }
    }

    private static void Sum(float* first, int floats, int count, nint stride)
    {
        for (int i = 0; i < floats; i += TLanes.Count)
        {
            var sum = TLanes.Load(first + i);
            for (int s = 1; s < count; s++)
                sum = TLanes.Add(sum, TLanes.Load(first + s * stride + i));
            TLanes.Store(first + i, sum);
        }
    }

    // The coordinates of the tile, encoded; gives its rows, a multiple of 4.
    private int Prepare(float* weights, in PointSource points, long start, int count, float* scratch)
    {
        int padded = NetworkPlan.RoundUp(count, TLanes.HasManyRegisters ? 8 : 4);
        points.Fill(start, count, padded, scratch + _coordinates, _nextPanel);
        if (_plan.Frequencies > 0)
            Encode(weights, scratch + _coordinates, scratch + _features[0], padded);
        return padded;
    }

    // cos(φ) in the first half of the panels and sin(φ) in the second, φ = π·Σ_k (x_k + shift)·frequency_k.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Encode(float* frequencies, float* x, float* features, int points)
    {
        int phases = _layers[0].Inputs / 2;
        int dimension = _plan.Coordinates;
        float shift = _plan.FrequencyTensors > 0 ? 1 : 0;
        nint sines = phases / Panel * _nextPanel;
        for (int f = 0; f < phases; f += TLanes.Count)
        {
            float* panel = features + f / Panel * _nextPanel + f % Panel;
            for (int p = 0; p < points; p++, panel += Panel)
            {
                var phase = TLanes.Spread(0);
                for (int k = 0; k < dimension; k++)
                    phase = TLanes.MultiplyAdd(TLanes.Spread(x[k / Panel * _nextPanel + p * Panel + k % Panel] + shift), TLanes.Load(frequencies + (nint)k * phases + f), phase);
                phase = TLanes.Multiply(phase, TLanes.Spread(MathF.PI));
                if (VectorMath<TLanes, TVector>.IsTooLarge(phase))
                {
                    TLanes.Store(panel, phase);
                    for (int i = 0; i < TLanes.Count; i++)
                    {
                        var (s, c) = Math.SinCos(panel[i]);
                        panel[i] = (float)c;
                        panel[sines + i] = (float)s;
                    }

                    continue;
                }

                var (sin, cos) = VectorMath<TLanes, TVector>.SinCos(phase);
                TLanes.Store(panel, cos);
                TLanes.Store(panel + sines, sin);
            }
        }
    }

    private void MultiplyPanel(float* weights, LayerPlan layer, int panel, float* x, float* y, int points) =>
        MatrixKernels<TLanes, TVector>.Multiply(x, _nextPanel, layer.Inputs, weights + layer.Forward + (nint)panel * layer.Inputs * Panel, weights + layer.Bias + panel * Panel, y, points, scale: false);

    private void Output(float* weights, float* x, int points, float* scratch)
    {
        var last = _layers[^1];
        MatrixKernels<TLanes, TVector>.Dot(x, _nextPanel, last.InputPanels, weights + last.Natural, last.Rows, weights + last.Bias, scratch + _outputs, points);
    }

    private float Map(float output) => _plan.IsSigmoid ? 1 / (1 + MathF.Exp(-output)) : output + _plan.Offset;

    // The gradient of the squared errors in the outputs, in panels; zeros for the rows after the points.
    private double Errors(float* observed, float* mask, int count, int padded, float* scratch)
    {
        int channels = _plan.Channels;
        int rows = _layers[^1].Rows;
        float* outputs = scratch + _outputs;
        float* errors = scratch + _errors;
        double sum = 0;
        for (int p = 0; p < padded; p++)
        {
            float weight = p >= count ? 0 : mask is null ? 1 : mask[p];
            for (int c = 0; c < channels; c++)
            {
                float* error = errors + c / Panel * _nextPanel + p * Panel + c % Panel;
                if (p >= count)
                {
                    *error = 0;
                    continue;
                }

                float value = Map(outputs[p * rows + c]);
                float difference = value - *observed++;
                float weighted = weight * difference;
                sum += (double)weighted * difference;
                *error = 2 * weighted * (_plan.IsSigmoid ? value * (1 - value) : 1);
            }
        }

        return sum;
    }

    private void AddGradient(LayerPlan layer, float* d, float* x, int points, float* gradient, bool fresh)
    {
        for (int o = 0; o < layer.OutputPanels; o++)
        {
            float* panel = d + o * _nextPanel;
            MatrixKernels<TLanes, TVector>.AddRows(panel, null, points, gradient + layer.BiasGradient + o * Panel, fresh);
            for (int i = 0; layer.IsNarrow && i < layer.Inputs; i++)
                MatrixKernels<TLanes, TVector>.AddRows(panel, x + i, points, gradient + layer.Gradient + ((nint)i * layer.OutputPanels + o) * Panel, fresh);
        }

        for (int i = 0; !layer.IsNarrow && i < layer.InputPanels; i++)
        {
            for (int o = 0; o < layer.OutputPanels; o++)
            {
                MatrixKernels<TLanes, TVector>.AddOuter(d + o * _nextPanel, x + i * _nextPanel, points, Math.Min(Panel, layer.Rows - o * Panel),
                    gradient + layer.Gradient + ((nint)i * layer.Rows + o * Panel) * Panel, fresh);
            }
        }
    }

    private static void Activate(LayerPlan layer, float* y, int count)
    {
        switch (layer.Kind)
        {
            case ActivationKind.Sine: Pass<SineKernel<TLanes, TVector>>(y, count, layer.Omega); break;
            case ActivationKind.Finer: Pass<FinerKernel<TLanes, TVector>>(y, count, layer.Omega); break;
            case ActivationKind.Gauss: Pass<GaussKernel<TLanes, TVector>>(y, count, layer.Omega); break;
            case ActivationKind.Tanh: Pass<TanhKernel<TLanes, TVector>>(y, count, layer.Omega); break;
            case ActivationKind.Gelu: Pass<GeluKernel<TLanes, TVector>>(y, count, layer.Omega); break;
            default: Pass<ReluKernel<TLanes, TVector>>(y, count, layer.Omega); break;
        }
    }

    private static void ActivateWithSlope(LayerPlan layer, float* y, float* slopes, int count)
    {
        switch (layer.Kind)
        {
            case ActivationKind.Sine: PassWithSlope<SineKernel<TLanes, TVector>>(y, slopes, count, layer.Omega); break;
            case ActivationKind.Finer: PassWithSlope<FinerKernel<TLanes, TVector>>(y, slopes, count, layer.Omega); break;
            case ActivationKind.Gauss: PassWithSlope<GaussKernel<TLanes, TVector>>(y, slopes, count, layer.Omega); break;
            case ActivationKind.Tanh: PassWithSlope<TanhKernel<TLanes, TVector>>(y, slopes, count, layer.Omega); break;
            case ActivationKind.Gelu: PassWithSlope<GeluKernel<TLanes, TVector>>(y, slopes, count, layer.Omega); break;
            default: PassWithSlope<ReluKernel<TLanes, TVector>>(y, slopes, count, layer.Omega); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pass<TActivation>(float* y, int count, float omega)
        where TActivation : struct, IActivationKernel<TVector>
    {
        var inverse = TLanes.Spread(1 / omega);
        var largest = TLanes.Spread(TActivation.LargestInput(omega));
        for (float* end = y + count; y < end; y += TLanes.Count)
        {
            var u = TLanes.Load(y);
            if (TActivation.HasAngles && TLanes.AnyGreater(TLanes.Abs(u), largest))
            {
                for (int i = 0; i < TLanes.Count; i++)
                    y[i] = TActivation.Scalar(y[i], 1 / omega).Value;
                continue;
            }

            TLanes.Store(y, TActivation.Value(u, inverse));
        }
    }

    // The slopes are those in W·h + b: ω·φ'.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PassWithSlope<TActivation>(float* y, float* slopes, int count, float omega)
        where TActivation : struct, IActivationKernel<TVector>
    {
        var inverse = TLanes.Spread(1 / omega);
        var scale = TLanes.Spread(omega);
        var largest = TLanes.Spread(TActivation.LargestInput(omega));
        for (float* end = y + count; y < end; y += TLanes.Count, slopes += TLanes.Count)
        {
            var u = TLanes.Load(y);
            if (TActivation.HasAngles && TLanes.AnyGreater(TLanes.Abs(u), largest))
            {
                for (int i = 0; i < TLanes.Count; i++)
                {
                    (y[i], float slope) = TActivation.Scalar(y[i], 1 / omega);
                    slopes[i] = omega * slope;
                }

                continue;
            }

            var (value, derivative) = TActivation.ValueAndSlope(u, inverse);
            TLanes.Store(y, value);
            TLanes.Store(slopes, TLanes.Multiply(derivative, scale));
        }
    }
}
