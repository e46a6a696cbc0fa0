namespace Inr.Scenes;

/// <summary>A coarse mask of the space that may hold matter, as whole numbers of a float32 tensor: 24 cells each, which a float holds exactly.</summary>
/// <remarks>Cell (x, y, z) of n³ is bit k mod 24 of number ⌊k/24⌋, with k = (x·n + y)·n + z; a bit of 1 may hold matter.</remarks>
internal static class SpaceMask
{
    private const int CellsPerNumber = 24;
    private const float AllCells = (1 << CellsPerNumber) - 1;

    /// <summary>How many numbers a mask of n³ cells has.</summary>
    public static long Numbers(int resolution) => (((long)resolution * resolution * resolution) + CellsPerNumber - 1) / CellsPerNumber;

    /// <summary>A mask that leaves nothing out.</summary>
    public static Tensor Full(int resolution, Device? device) => full([Numbers(resolution)], AllCells, float32, device);

    /// <summary>The mask of a finer grid: a cell stays where any fine cell that it touches does.</summary>
    /// <param name="occupied">Shape [m³], bool.</param>
    /// <param name="fine">m.</param>
    /// <param name="resolution">n, at most m.</param>
    public static Tensor Of(Tensor occupied, int fine, int resolution)
    {
        using var scope = NewDisposeScope();
        var bytes = occupied.to(uint8).cpu().reshape(fine, fine, fine);
        for (int axis = 0; axis < 3; axis++)
            bytes = Coarser(bytes, axis, fine, resolution);
        bool[] cells = new bool[(long)resolution * resolution * resolution];
        var kept = bytes.ne(0).contiguous().flatten();
        kept.data<bool>().CopyTo(cells);
        float[] numbers = new float[Numbers(resolution)];
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i])
                numbers[i / CellsPerNumber] += 1 << (i % CellsPerNumber);
        }

        return tensor(numbers, device: occupied.device).MoveToOuterDisposeScope();
    }

    /// <summary>1 where points may hold matter, else 0; points outside of the cube are looked up in its nearest cell.</summary>
    /// <param name="mask">Shape [W], or [B,W].</param>
    /// <param name="points">Shape [N,3], or [B,N,3] with a mask of B.</param>
    /// <param name="resolution">n.</param>
    /// <param name="halfWidth">The cube spans [−halfWidth, halfWidth] on each axis.</param>
    /// <returns>Shape [N] or [B,N], in the type of the points.</returns>
    public static Tensor Lookup(Tensor mask, Tensor points, int resolution, double halfWidth)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int n = resolution;
        var cell = ((points + halfWidth) * (n / (2 * halfWidth))).nan_to_num(0).clamp(0, n - 1).to(int64);
        var index = (cell.select(-1, 0) * n + cell.select(-1, 1)) * n + cell.select(-1, 2);
        var number = index.div(CellsPerNumber, RoundingMode.floor);
        if (mask.dim() == 2 && index.dim() == 1)
            (index, number) = (index.expand(mask.shape[0], -1), number.expand(mask.shape[0], -1));
        else if (mask.dim() == 1 && index.dim() == 2)
            mask = mask.expand(index.shape[0], -1);
        var words = mask.dim() == 1 ? mask.index_select(0, number) : mask.gather(1, number);
        var bit = tensor(Enumerable.Range(0, CellsPerNumber).Select(i => (float)(1 << i)).ToArray(), device: words.device).index_select(0, (index - number * CellsPerNumber).flatten()).reshape(index.shape);
        return words.div(bit).floor().remainder(2).to(points.dtype).MoveToOuterDisposeScope();
    }

    // The largest over each coarse cell along one axis.
    private static Tensor Coarser(Tensor cells, int axis, int fine, int coarse) =>
        stack([.. Enumerable.Range(0, coarse).Select(i =>
        {
            int from = (int)((long)i * fine / coarse), to = (int)((((long)i + 1) * fine + coarse - 1) / coarse);
            return cells.narrow(axis, from, to - from).amax([axis]);
        })], axis);
}
