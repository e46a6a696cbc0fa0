using Inr.Losses;

namespace Inr.Meta.Tests.Losses;

/// <summary>A target with a kernel of its own, which counts how often it is asked. Its numbers are those of another target.</summary>
internal sealed class KernelTarget(ITargetFunction inner) : ITargetFunction, ILossKernel
{
    /// <summary>Whether the kernel does the work.</summary>
    public bool Answers { get; init; } = true;

    public int Asked { get; private set; }

    public int InputDimension => inner.InputDimension;

    public int OutputDimension => inner.OutputDimension;

    public ParameterLayout Layout => inner.Layout;

    public TargetDescription Description => inner.Description;

    public ParameterSet Initialize(Generator? generator = null, Device? device = null) => inner.Initialize(generator, device);

    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => inner.Evaluate(parameters, coordinates);

    public (Tensor Sums, Tensor[] Gradients)? TryDifferentiate(ITargetFunction target, ParameterSet parameters, IReadOnlyList<int> wanted, LossSamples samples)
    {
        target.Should().BeSameAs(this);
        is_grad_enabled().Should().BeFalse("a kernel need not know of graphs");
        Asked++;
        if (!Answers)
            return null;
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var leaves = parameters.AsLeaves();
        var squares = (inner.Evaluate(leaves, samples.AllPlaces) - samples.Values).square();
        var sums = samples.Values.dim() == 3 ? squares.sum([1, 2]) : squares.sum();
        var gradients = autograd.grad([sums.sum()], [.. wanted.Select(i => leaves[i])]);
        return (sums.detach().MoveToOuterDisposeScope(), [.. gradients.Select(g => g.MoveToOuterDisposeScope())]);
    }
}
