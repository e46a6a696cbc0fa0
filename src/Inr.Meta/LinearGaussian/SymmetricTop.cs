namespace Inr.Meta;

/// <summary>The largest eigenvalues of a symmetric matrix that is given, or only known by its products.</summary>
internal static class SymmetricTop
{
    // Below it the whole decomposition is cheaper than rounds of products.
    private const long Small = 1200;

    private const int Rounds = 4;

    /// <summary>The k largest eigenvalues, falling, and their eigenvectors.</summary>
    /// <param name="matrix">Symmetric; shape [m,m].</param>
    /// <param name="count">k, at most m.</param>
    /// <param name="generator">Draws where the search starts.</param>
    /// <returns>Shapes [k] and [m,k], of the type of the matrix.</returns>
    public static (Tensor Values, Tensor Vectors) Of(Tensor matrix, long count, Generator generator)
    {
        using var scope = NewDisposeScope();
        long m = matrix.shape[0];
        if (m > Small && count * 3 < m * 2)
            return Of(q => matrix.mm(q), m, count, Rounds, generator, matrix.dtype, matrix.device).Kept();
        var type = m <= Small ? float64 : matrix.dtype;
        var (values, vectors) = linalg.eigh(matrix.to(type));
        return (values.flip(0).narrow(0, 0, count).to(matrix.dtype), vectors.flip(1).narrow(1, 0, count).to(matrix.dtype)).Kept();
    }

    /// <summary>The same by rounds of products with a growing basis (subspace iteration: Halko, Martinsson, Tropp 2011).</summary>
    /// <param name="product">Q → S·Q for Q of shape [m,l]; it may stream.</param>
    /// <param name="size">m.</param>
    /// <param name="count">k, at most m.</param>
    /// <param name="rounds">Products before the last.</param>
    /// <param name="generator">Draws where the search starts.</param>
    /// <param name="type">The type of the numbers.</param>
    /// <param name="device">Where they live.</param>
    public static (Tensor Values, Tensor Vectors) Of(Func<Tensor, Tensor> product, long size, long count, int rounds, Generator generator, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        long wide = Math.Min(size, count + Math.Max(20, count / 10));
        var q = randn([size, wide], dtype: type, device: CPU, generator: generator).to(device);
        for (int round = 0; round < rounds; round++)
        {
            using var step = NewDisposeScope();
            var next = Orthonormal(product(q)).MoveToOuterDisposeScope();
            q.Dispose();
            q = next;
        }

        var (values, inner) = linalg.eigh(Symmetric(q.transpose(0, 1).mm(product(q))).to(float64));
        return (values.flip(0).narrow(0, 0, count).to(type), q.mm(inner.flip(1).narrow(1, 0, count).to(type))).Kept();
    }

    /// <summary>An orthonormal basis of the columns.</summary>
    public static Tensor Orthonormal(Tensor columns) => linalg.qr(columns).Q;

    private static Tensor Symmetric(Tensor matrix) => (matrix + matrix.transpose(0, 1)) / 2;

    private static (Tensor, Tensor) Kept(this (Tensor A, Tensor B) pair) => (pair.A.MoveToOuterDisposeScope(), pair.B.MoveToOuterDisposeScope());
}
