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
        if (table is not null)
            FillFromTable(start, count, panels, nextPanel);
        else
            FillFromGrid(start, count, panels, nextPanel);
        for (int k = 0; k < dimension; k++)
        {
            float* column = Column(panels, nextPanel, k);
            for (int p = count; p < padded; p++)
                column[p * NetworkPlan.Panel] = column[(count - 1) * NetworkPlan.Panel];
        }
    }

    private static float* Column(float* panels, nint nextPanel, int coordinate) =>
        panels + coordinate / NetworkPlan.Panel * nextPanel + coordinate % NetworkPlan.Panel;

    private void FillFromTable(long start, int count, float* panels, nint nextPanel)
    {
        for (int k = 0; k < dimension; k++)
        {
            float* column = Column(panels, nextPanel, k);
            float* x = table + start * dimension + k;
            for (int p = 0; p < count; p++, x += dimension)
                column[p * NetworkPlan.Panel] = *x;
        }
    }

    // Along each axis the coordinate changes after as many points as the later axes have together.
    private void FillFromGrid(long start, int count, float* panels, nint nextPanel)
    {
        long run = 1;
        float* end = axes;
        for (int k = 0; k < dimension; k++)
            end += lengths[k];
        for (int k = dimension - 1; k >= 0; k--)
        {
            float* column = Column(panels, nextPanel, k);
            end -= lengths[k];
            long place = start / run % lengths[k];
            long left = run - start % run;
            for (int p = 0; p < count; p++)
            {
                column[p * NetworkPlan.Panel] = end[place];
                if (--left == 0)
                {
                    left = run;
                    place = place + 1 == lengths[k] ? 0 : place + 1;
                }
            }

            run *= lengths[k];
        }
    }
}
