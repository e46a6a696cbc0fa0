namespace Inr;

/// <summary>Chooses the codes of θ: a step for each tensor by what its numbers matter, and codes by what they cost and spoil.</summary>
/// <remarks>
/// With <c>D = Σ h_i δ_i²</c> and a uniform error of <c>Δ²/12</c>, equal slopes of D by bits in all tensors need <c>Δ_t = c/√(mean h_t)</c>; one number c, in
/// eighths of an octave, is the quality. A code is the one of the nearest level, the next one towards 0 and 0 with the least
/// <c>h (w − ŵ)² + λ·bits</c>, where bits are those of the live probabilities and <c>λ = w·c²·ln 2/6</c> is the slope of D at the step.
/// </remarks>
internal sealed class CodeChooser
{
    // A mean over the tensor counts as so many probes: what steadies the estimate of one number.
    private const double PriorProbes = 4;

    // A tensor with more exact zeros than this has been pruned.
    private const double PrunedShare = 1.0 / 16;

    private readonly ParameterLayout _layout;
    private readonly float[][] _numbers;
    private readonly CodedStart?[] _starts;
    private readonly float[]?[] _weights;
    private readonly double[] _base;
    private readonly double _rateWeight;

    /// <param name="layout">Names, shapes and roles.</param>
    /// <param name="numbers">θ, tensor by tensor.</param>
    /// <param name="sensitivities">What <see cref="Sensitivity"/> gave.</param>
    /// <param name="probes">How many probes it took.</param>
    /// <param name="rateWeight">The weight w of the bits.</param>
    /// <param name="starts">What each tensor may be counted from; nothing by default.</param>
    public CodeChooser(ParameterLayout layout, float[][] numbers, float[]?[] sensitivities, int probes, double rateWeight, CodedStart?[]? starts = null)
    {
        _layout = layout;
        // A start is of use where the tensor is nearer to it than to 0.
        _starts = [.. numbers.Select((t, i) => starts?[i] is { } start && layout[i].Role != ParameterRole.Structure && Power(Less(t, start.Numbers(t.Length))) < Power(t) ? start : (CodedStart?)null)];
        _numbers = [.. numbers.Select((t, i) => _starts[i] is { } start ? Less(t, start.Numbers(t.Length)) : t)];
        _rateWeight = rateWeight;
        _weights = new float[]?[layout.Count];
        _base = new double[layout.Count];
        double[] means = [.. sensitivities.Select(h => h is null || h.Length == 0 ? 0 : h.Average(x => (double)x))];
        double largest = means.Max();
        for (int i = 0; i < means.Length; i++)
        {
            // What has no derivative gets the step of its usual size, as one that matters as much as the most sensitive one.
            double mean = sensitivities[i] is null ? largest : Math.Max(means[i], 1e-9 * largest);
            _base[i] = mean > 0 ? -0.5 * CodedStep.PerOctave * Math.Log2(mean) : 0;
            _weights[i] = sensitivities[i] is { } h && means[i] > 0
                ? Array.ConvertAll(h, x => (float)(((x / means[i] * probes) + PriorProbes) / (probes + PriorProbes)))
                : null;
            if (layout[i].Role != ParameterRole.Structure && layout[i].Count > 0)
                Weights += layout[i].Count;
        }

        IsPruned = [.. numbers.Select((t, i) => _starts[i] is null && t.Count(x => x == 0) > PrunedShare * t.Length)];
    }

    /// <summary>The numbers that are rounded: all but structures.</summary>
    public long Weights { get; }

    /// <summary>Of each tensor, whether its exact zeros are to stay.</summary>
    public bool[] IsPruned { get; }

    /// <summary>What each tensor counts from, as numbers; zeros where it counts from 0.</summary>
    public float[] OriginOf(int tensor) => _starts[tensor] is { } start ? start.Numbers(_numbers[tensor].Length) : new float[_numbers[tensor].Length];

    /// <summary>The step of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="quality">8·log₂ c.</param>
    public CodedStep StepOf(int tensor, int quality)
    {
        if (_layout[tensor].Role == ParameterRole.Structure)
            return new CodedStep(0);
        double most = 0;
        foreach (float x in _numbers[tensor])
            most = Math.Max(most, Math.Abs((double)x));
        if (most == 0)
            return new CodedStep(0);
        // Beyond four times the largest number all codes are 0; below 2⁻¹⁹ of it there are none.
        double coarsest = CodedStep.PerOctave * Math.Log2(4 * most), finest = CodedStep.PerOctave * Math.Log2(most / (CodedTensor.LargestCode / 2));
        return new CodedStep((int)Math.Clamp(Math.Round(Math.Clamp(quality + _base[tensor], finest, coarsest)), -CodedStep.Largest, CodedStep.Largest));
    }

    /// <summary>Chooses all codes.</summary>
    /// <param name="quality">8·log₂ c.</param>
    /// <param name="places">The numbers in units of their steps; those of θ by default.</param>
    public CodedTensor[] Choose(int quality, float[][]? places = null)
    {
        var model = new NumberModel();
        var counter = new RangeWriter();
        var tensors = new CodedTensor[_layout.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = _layout[i].Role == ParameterRole.Structure ? Whole(i) : Rounded(i, StepOf(i, quality), places?[i], model);
            CodedStream.Write(counter, model, tensors[i]);
        }

        return tensors;
    }

    /// <summary>The numbers of a tensor in units of a step.</summary>
    public float[] PlacesOf(int tensor, CodedStep step) => Array.ConvertAll(_numbers[tensor], x => x / step.Size);

    private static CodedMode Cheaper(CodedTensor tensor)
    {
        long even = CodedGroup.Of([tensor with { Mode = CodedMode.Even }]).Bytes.Length, local = CodedGroup.Of([tensor with { Mode = CodedMode.Local }]).Bytes.Length;
        return local < even ? CodedMode.Local : CodedMode.Even;
    }

    private static float[] Less(float[] numbers, float[] start) => [.. numbers.Zip(start, (x, s) => x - s)];

    private static double Power(float[] numbers) => numbers.Sum(x => (double)x * x);

    private CodedTensor Rounded(int tensor, CodedStep step, float[]? given, NumberModel model)
    {
        float[] places = given ?? PlacesOf(tensor, step);
        int[] codes = Array.ConvertAll(places, u => (int)Math.Clamp(Math.Round((double)u), -CodedTensor.LargestCode, CodedTensor.LargestCode));
        var coded = new CodedTensor(_layout[tensor].Role, _layout[tensor].Shape, codes, step, 0, CodedMode.Even) { Start = _starts[tensor] };
        coded = coded with { Mode = Cheaper(coded) };
        if (_rateWeight == 0 || codes.Length == 0)
            return coded;
        // A look ahead with the probabilities as they will be, which it spoils: on a copy.
        var live = model.Copy();
        live.Begin(new RangeWriter(), coded.Role, CodedStream.Columns(coded.Shape), CodedStream.HeadOf(coded));
        var writer = new RangeWriter();
        double price = _rateWeight * Math.Log(2) / 6;
        float[]? weights = _weights[tensor];
        for (int i = 0; i < codes.Length; i++)
        {
            live.Locate(codes, i);
            int before = i > 0 ? codes[i - 1] : 0, nearest = codes[i], best = nearest;
            if (nearest != 0)
            {
                double weight = weights?[i] ?? 1, least = double.PositiveInfinity;
                int towards = nearest - Math.Sign(nearest);
                foreach (int code in (ReadOnlySpan<int>)(towards == 0 ? [nearest, 0] : [nearest, towards, 0]))
                {
                    double error = places[i] - code, cost = (weight * error * error) + (price * live.Cost(code, before));
                    if (cost < least)
                        (least, best) = (cost, code);
                }
            }

            codes[i] = best;
            live.Code(writer, best, before, CodedTensor.LargestCode);
        }

        return coded with { Shift = ShiftOf(places, codes) };
    }

    // Where codes lie farther out than their numbers on the whole, levels move in.
    private static int ShiftOf(float[] places, int[] codes)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] == 0)
                continue;
            sum += Math.Abs(codes[i]) - (Math.Sign(codes[i]) * (double)places[i]);
            count++;
        }

        return count == 0 ? 0 : (int)Math.Clamp(Math.Round(16 * sum / count), 0, CodedTensor.LargestShift);
    }

    private CodedTensor Whole(int tensor)
    {
        float[] numbers = _numbers[tensor];
        var (role, shape) = (_layout[tensor].Role, _layout[tensor].Shape);
        if (!numbers.All(x => x == MathF.Round(x) && Math.Abs(x) <= CodedTensor.LargestWhole && !(x == 0 && float.IsNegative(x))))
            return new CodedTensor(role, shape, Array.ConvertAll(numbers, BitConverter.SingleToInt32Bits), default, 0, CodedMode.Raw);
        var coded = new CodedTensor(role, shape, Array.ConvertAll(numbers, x => (int)x), default, 0, CodedMode.Even);
        return coded with { Mode = Cheaper(coded) };
    }
}
