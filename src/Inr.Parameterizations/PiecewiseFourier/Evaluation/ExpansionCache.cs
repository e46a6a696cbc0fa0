using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Keeps the parsed structure and the dense coefficients of a parameter set from one call to the next.</summary>
/// <remarks>The numbers are compared with those the entry was made from, so a set that was changed in place is read again.</remarks>
internal sealed class ExpansionCache
{
    private readonly ConditionalWeakTable<ParameterSet, Entry> _entries = [];

    /// <summary>The structure of a parameter set without a batch axis.</summary>
    public PiecewiseStructure Structure(PiecewiseShape shape, ParameterSet parameters) => Get(shape, parameters).Structure;

    /// <summary>The expansion of a parameter set without a batch axis, ready for evaluation.</summary>
    public DenseRegions Dense(PiecewiseShape shape, ParameterSet parameters)
    {
        var entry = Get(shape, parameters);
        var coefficients = Numbers(parameters[PiecewiseParameters.Coefficients]);
        var cuts = Numbers(parameters[PiecewiseParameters.Cuts]);
        var curvatures = Curvatures(parameters);
        lock (entry)
        {
            if (entry.Dense is null || !Same(entry.Coefficients, coefficients) || !Same(entry.CutNumbers, cuts) || !Same(entry.CurvatureNumbers, curvatures))
            {
                entry.Dense = new DenseRegions(entry.Structure, coefficients, cuts, curvatures);
                (entry.Coefficients, entry.CutNumbers, entry.CurvatureNumbers) = (coefficients, cuts, curvatures);
            }

            return entry.Dense;
        }
    }

    private Entry Get(PiecewiseShape shape, ParameterSet parameters)
    {
        float[][] structure =
        [
            Numbers(parameters[PiecewiseParameters.Nodes]),
            Numbers(parameters[PiecewiseParameters.Prefixes]),
            Numbers(parameters[PiecewiseParameters.ExtraCounts]),
            Numbers(parameters[PiecewiseParameters.Extras]),
        ];
        if (_entries.TryGetValue(parameters, out var entry) && entry.Numbers.Zip(structure).All(p => Same(p.First, p.Second)))
            return entry;
        entry = new Entry(structure, PiecewiseStructure.Parse(shape, structure[0], structure[1], structure[2], structure[3]));
        _entries.AddOrUpdate(parameters, entry);
        return entry;
    }

    /// <summary>The numbers of a tensor.</summary>
    public static float[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 ? [] : tensor.detach().to(ScalarType.Float32, CPU).contiguous().data<float>().ToArray();
    }

    /// <summary>The curvatures of the curved cuts; none where θ has no such tensor.</summary>
    public static float[] Curvatures(ParameterSet parameters) =>
        parameters.Layout.Contains(PiecewiseParameters.Curvatures) ? Numbers(parameters[PiecewiseParameters.Curvatures]) : [];

    private static bool Same(float[] a, float[] b) => a.AsSpan().SequenceEqual(b);

    private sealed class Entry(float[][] numbers, PiecewiseStructure structure)
    {
        public float[][] Numbers { get; } = numbers;

        public PiecewiseStructure Structure { get; } = structure;

        public DenseRegions? Dense { get; set; }

        public float[] Coefficients { get; set; } = [];

        public float[] CutNumbers { get; set; } = [];

        public float[] CurvatureNumbers { get; set; } = [];
    }
}
