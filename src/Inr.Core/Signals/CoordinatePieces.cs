namespace Inr;

/// <summary>Evaluates a representation at coordinates that are made piece by piece, so that they are never all there at once.</summary>
internal static class CoordinatePieces
{
    /// <summary>The values at all samples.</summary>
    /// <param name="representation">The function.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="coordinates">Makes the coordinates of a run of samples, from its start and length.</param>
    /// <returns>Shape [count,c], on the device of the function.</returns>
    public static Tensor Evaluate(ImplicitRepresentation representation, long count, Func<long, long, Tensor> coordinates)
    {
        using var scope = NewDisposeScope();
        var parameters = representation.Parameters;
        Tensor Piece(long start, long length) =>
            representation.Evaluate(coordinates(start, length).to(parameters.Device).to(parameters.ScalarType));

        const int Length = ImplicitRepresentation.DefaultChunk;
        if (count <= Length)
            return Piece(0, count).MoveToOuterDisposeScope();
        var result = empty([count, representation.Target.OutputDimension], parameters.ScalarType, parameters.Device);
        for (long start = 0; start < count; start += Length)
        {
            using var inner = NewDisposeScope();
            long length = Math.Min(Length, count - start);
            result.narrow(0, start, length).copy_(Piece(start, length));
        }

        return result.MoveToOuterDisposeScope();
    }
}
