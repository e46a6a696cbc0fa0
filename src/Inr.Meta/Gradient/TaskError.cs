namespace Inr.Meta;

/// <summary>The mean squared error of each task of a batch, over channels and over the samples that are no padding.</summary>
internal static class TaskError
{
    /// <summary>The errors; shape [B].</summary>
    /// <param name="predicted">Shape [B,N,c].</param>
    /// <param name="values">Shape [B,N,c].</param>
    /// <param name="mask">Shape [B,N], or null.</param>
    public static Tensor Mean(Tensor predicted, Tensor values, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var squares = Square(predicted - values);
        return (mask is null
            ? squares.mean([1, 2])
            : (squares * mask.unsqueeze(-1)).sum([1, 2]) / Denominator(values, mask)).MoveToOuterDisposeScope();
    }

    /// <summary>The part that some of the samples contribute to <see cref="Mean"/>; shape [B].</summary>
    public static Tensor Share(ITargetFunction target, ParameterSet parameters, SignalBatch samples, long start, long length)
    {
        using var scope = NewDisposeScope();
        var x = samples.Coordinates.narrow(-2, start, length);
        var squares = Square(target.Evaluate(parameters, x) - samples.Values.narrow(1, start, length));
        return (samples.Mask is null
            ? squares.sum([1, 2]) / (samples.SampleCount * samples.Values.shape[2])
            : (squares * samples.Mask.narrow(1, start, length).unsqueeze(-1)).sum([1, 2]) / Denominator(samples.Values, samples.Mask)).MoveToOuterDisposeScope();
    }

    // A product, because a power takes a scalar, whose native half lives until it is finalised.
    private static Tensor Square(Tensor difference) => difference * difference;

    private static Tensor Denominator(Tensor values, Tensor mask) => mask.sum([1]).clamp_min(1) * values.shape[2];
}
