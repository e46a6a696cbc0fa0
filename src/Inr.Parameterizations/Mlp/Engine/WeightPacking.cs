namespace Inr.Parameterizations.Engine;

/// <summary>θ as <see cref="MatrixKernels{TLanes, TVector}"/> read it: ωWᵀ and W in panels, with zeros around.</summary>
internal static unsafe class WeightPacking
{
    private const int Panel = NetworkPlan.Panel;

    /// <summary>Packs one function.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tensors">The tensors of θ in the order of the layout.</param>
    /// <param name="index">The function's number among those that the tensors hold one after another.</param>
    /// <param name="frequencies">The frequencies of a positional encoding; one for each feature of one coordinate.</param>
    /// <param name="packed">Memory for <see cref="NetworkPlan.WeightFloats"/>.</param>
    public static void Pack(NetworkPlan plan, ReadOnlySpan<nint> tensors, long index, ReadOnlySpan<float> frequencies, float* packed)
    {
        PackFrequencies(plan, tensors, index, frequencies, packed);
        for (int l = 0; l < plan.Layers.Length; l++)
        {
            var layer = plan.Layers[l];
            float* weight = (float*)tensors[plan.FrequencyTensors + 2 * l] + index * layer.Outputs * layer.ColumnCount;
            float* bias = (float*)tensors[plan.FrequencyTensors + 2 * l + 1] + index * layer.Outputs;
            for (int o = 0; o < layer.OutputPanels * Panel; o++)
                packed[layer.Bias + o] = o < layer.Outputs ? layer.Omega * bias[o] : 0;
            if (!layer.IsLast)
                PackForward(layer, weight, packed + layer.Forward);
            if (layer.IsLast || l > 0)
                PackNatural(layer, weight, packed + layer.Natural);
        }
    }

    // Shape [coordinates][phases]: a positional encoding has one frequency for each phase and zeros for the other coordinates.
    private static void PackFrequencies(NetworkPlan plan, ReadOnlySpan<nint> tensors, long index, ReadOnlySpan<float> frequencies, float* packed)
    {
        if (plan.Frequencies == 0)
            return;
        int phases = plan.Layers[0].Inputs / 2;
        float* drawn = plan.FrequencyTensors > 0 ? (float*)tensors[0] + index * plan.Frequencies * plan.Coordinates : null;
        for (int k = 0; k < plan.Coordinates; k++)
        {
            for (int f = 0; f < phases; f++)
            {
                packed[(nint)k * phases + f] = f >= plan.Frequencies ? 0
                    : drawn is not null ? drawn[f * plan.Coordinates + k]
                    : f / frequencies.Length == k ? frequencies[f % frequencies.Length] : 0;
            }
        }
    }

    private static void PackForward(LayerPlan layer, float* weight, float* forward)
    {
        for (int panel = 0; panel < layer.OutputPanels; panel++)
        {
            int lanes = Math.Min(Panel, layer.Outputs - panel * Panel);
            float* rows = weight + (nint)panel * Panel * layer.ColumnCount;
            for (int i = 0; i < layer.Inputs; i++, forward += Panel)
            {
                int column = layer.Columns is { } columns ? columns[i] : i;
                int lane = 0;
                for (; lane < lanes && column >= 0; lane++)
                    forward[lane] = layer.Omega * rows[(nint)lane * layer.ColumnCount + column];
                for (; lane < Panel; lane++)
                    forward[lane] = 0;
            }
        }
    }

    private static void PackNatural(LayerPlan layer, float* weight, float* natural)
    {
        for (int panel = 0; panel < layer.InputPanels; panel++)
        {
            int lanes = Math.Min(Panel, layer.Inputs - panel * Panel);
            for (int o = 0; o < layer.Rows; o++, natural += Panel)
            {
                float* row = weight + (nint)o * layer.ColumnCount;
                for (int i = 0; i < Panel; i++)
                {
                    int column = i >= lanes ? -1 : layer.Columns is { } columns ? columns[panel * Panel + i] : panel * Panel + i;
                    natural[i] = o < layer.Outputs && column >= 0 ? row[column] : 0;
                }
            }
        }
    }
}
