namespace Inr.Parameterizations.Engine;

/// <summary>Where the points of a tile come from: a table of coordinates, or a grid that is counted through.</summary>
/// <param name="table">Shape [N,d]; null for a grid.</param>
/// <param name="dimension">d.</param>
/// <param name="axes">The coordinates along each axis of a grid, one axis after another.</param>
/// <param name="lengths">The samples of each axis of a grid.</param>
internal readonly unsafe struct PointSource(float* table, int dimension, float* axes = null, int* lengths = null)
{
    /// <summary>Writes the coordinates of some points into panels.</summary>
    /// <param name="start">The first point.</param>
    /// <param name="count">Their number, at least 1.</param>
    /// <param name="padded">Rows to fill: those after the points repeat the last one.</param>
    /// <param name="panels">Shape [panels][…][32].</param>
    /// <param name="nextPanel">Floats from one panel to the next.</param>
    public void Fill(long start, int count, int padded, float* panels, nint nextPanel)
    {
        for (int p = 0; p < padded; p++)
        {
            long index = start + Math.Min(p, count - 1);
            if (table is not null)
            {
                float* x = table + index * dimension;
                for (int k = 0; k < dimension; k++)
                    panels[k / NetworkPlan.Panel * nextPanel + p * NetworkPlan.Panel + k % NetworkPlan.Panel] = x[k];
                continue;
            }

            long end = 0;
            for (int k = 0; k < dimension; k++)
                end += lengths[k];
            for (int k = dimension - 1; k >= 0; k--)
            {
                (index, long i) = Math.DivRem(index, (long)lengths[k]);
                end -= lengths[k];
                panels[k / NetworkPlan.Panel * nextPanel + p * NetworkPlan.Panel + k % NetworkPlan.Panel] = axes[end + i];
            }
        }
    }
}
