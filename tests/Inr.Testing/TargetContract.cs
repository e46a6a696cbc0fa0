using System.Text.Json.Nodes;

namespace Inr.Testing;

/// <summary>What every <see cref="ITargetFunction"/> promises. A target joins with one row in the table of its test project.</summary>
/// <remarks><see cref="BoundContract"/> holds what its bound functions promise.</remarks>
public static class TargetContract
{
    private const int Samples = 7;

    /// <summary>B parameter sets in one call give what B calls give, for shared and for own coordinates.</summary>
    public static void BatchEqualsLoop(TargetCase row)
    {
        var target = row.Target;
        using var scope = NewDisposeScope();
        var sets = Enumerable.Range(0, 3).Select(i => row.DrawExact(i)).ToArray();
        var batch = ParameterSet.Stack(sets);
        var shared = Points(target, Samples, 1);
        var own = stack(Enumerable.Range(0, 3).Select(i => Points(target, Samples, 2 + i)).ToArray());

        var together = target.Evaluate(batch, shared);
        var togetherOwn = target.Evaluate(batch, own);
        var oneSet = target.Evaluate(sets[0], own);
        together.shape.Should().Equal(3, Samples, target.OutputDimension);
        for (int i = 0; i < 3; i++)
        {
            Close.ShouldBeClose(together[i], target.Evaluate(sets[i], shared), 1e-10, "shared coordinates");
            Close.ShouldBeClose(togetherOwn[i], target.Evaluate(sets[i], own[i]), 1e-10, "own coordinates");
            Close.ShouldBeClose(oneSet[i], target.Evaluate(sets[0], own[i]), 1e-10, "one θ for all coordinates");
        }
    }

    /// <summary>The value at a point does not depend on the other points of the call.</summary>
    public static void PointsAreIndependent(TargetCase row)
    {
        var target = row.Target;
        using var scope = NewDisposeScope();
        var parameters = row.DrawExact(0);
        var points = Points(target, Samples, 1);
        var all = target.Evaluate(parameters, points);
        all.shape.Should().Equal(Samples, target.OutputDimension);
        for (int i = 0; i < Samples; i++)
            Close.ShouldBeClose(target.Evaluate(parameters, points.narrow(0, i, 1)), all.narrow(0, i, 1), 1e-10);
    }

    /// <summary>Evaluation leaves θ and coordinates as they are.</summary>
    public static void ArgumentsUntouched(TargetCase row)
    {
        var target = row.Target;
        using var scope = NewDisposeScope();
        var parameters = row.DrawExact(0);
        var copy = parameters.Clone();
        var points = Points(target, Samples, 1);
        var pointsCopy = points.clone();
        target.Evaluate(parameters, points).add_(1);
        for (int i = 0; i < copy.Layout.Count; i++)
            Close.ShouldBeSame(parameters[i], copy[i]);
        Close.ShouldBeSame(points, pointsCopy);
    }

    /// <summary>The same seed draws the same θ, another seed another, in float32 and of the layout's shapes.</summary>
    public static void DeterministicUnderSeed(ITrainableTarget target, bool drawsAtRandom = true)
    {
        using var scope = NewDisposeScope();
        ParameterSet Drawn(ulong seed)
        {
            using var generator = new Generator(seed);
            return target.Initialize(generator);
        }

        var a = Drawn(7);
        var b = Drawn(7);
        var c = Drawn(8);
        a.ScalarType.Should().Be(ScalarType.Float32);
        a.BatchSize.Should().BeNull();
        a.Tensors.Sum(t => t.numel()).Should().Be(target.Layout.FloatCount);
        Close.ShouldBeSame(a.Flatten(), b.Flatten());
        if (drawsAtRandom)
            a.Flatten().eq(c.Flatten()).all().item<bool>().Should().BeFalse("another seed draws another θ");
    }

    /// <summary>The description, as JSON text, rebuilds the same function.</summary>
    public static void DescriptionRebuilds(TargetCase row)
    {
        var target = row.Target;
        using var scope = NewDisposeScope();
        var description = target.Description;
        var options = JsonNode.Parse(description.Options.ToJsonString())!.AsObject();
        var rebuilt = TargetRegistry.Create(new TargetDescription(description.Kind, options));
        rebuilt.Layout.IsCompatibleWith(target.Layout).Should().BeTrue();
        var parameters = row.DrawExact(0);
        var points = Points(target, Samples, 1);
        Close.ShouldBeSame(rebuilt.Evaluate(parameters, points), target.Evaluate(parameters, points));
    }

    /// <summary>Gradients of every trainable tensor, and of the coordinates, agree with finite differences in double.</summary>
    public static void GradientsMatchFiniteDifferences(TargetCase row, double tolerance = 1e-5, bool inCoordinates = true)
    {
        var target = row.Target;
        using var scope = NewDisposeScope();
        var parameters = row.DrawExact(0).AsLeaves();
        var points = Points(target, Samples, 1).requires_grad_(inCoordinates);
        using var generator = new Generator(99);
        var weights = randn([Samples, target.OutputDimension], float64, generator: generator);
        Tensor Loss(ParameterSet p, Tensor x) => (target.Evaluate(p, x) * weights).sum();

        var inputs = parameters.Trainable().ToList();
        if (inCoordinates)
            inputs.Add(points);
        var gradients = autograd.grad([Loss(parameters, points)], inputs, allow_unused: true);
        var names = target.Layout.Where(s => s.IsTrainable).Select(s => s.Name).Append("coordinates").ToArray();
        for (int i = 0; i < inputs.Count; i++)
        {
            int index = i;
            double Value(Tensor moved)
            {
                using var inner = NewDisposeScope();
                using var _ = no_grad();
                bool isPoint = inCoordinates && index == inputs.Count - 1;
                var trainable = parameters.Trainable();
                if (!isPoint)
                    trainable[index] = moved;
                return Loss(parameters.WithTrainable(trainable.Select(t => t.alias()).ToArray()), isPoint ? moved : points).item<double>();
            }

            var gradient = gradients[i] is { IsInvalid: false } g ? g : zeros_like(inputs[i]);
            FiniteDifferences.RelativeError(Value, inputs[i].detach(), gradient).Should().BeLessThan(tolerance, $"the gradient of {names[i]}");
        }
    }

    /// <summary>Wrong shapes and layouts are refused with a message, before native code sees them.</summary>
    public static void WrongShapesRefused(TargetCase row)
    {
        var target = row.Target;
        using var scope = NewDisposeScope();
        var parameters = row.DrawExact(0);
        var batch = ParameterSet.Stack([row.DrawExact(0), row.DrawExact(1)]);
        int d = target.InputDimension;
        foreach (long[] shape in (long[][])[[Samples, d + 1], [Samples], [], [1, 1, Samples, d]])
        {
            var act = () => target.Evaluate(parameters, zeros(shape, float64));
            act.Should().Throw<ArgumentException>().WithMessage($"*[{string.Join(',', shape)}]*");
        }

        ((Action)(() => target.Evaluate(batch, zeros([3, Samples, d], float64)))).Should().Throw<ArgumentException>();
        ((Action)(() => target.Evaluate(parameters, zeros([Samples, d], float32)))).Should().Throw<ArgumentException>("the types differ");
        ((Action)(() => target.Evaluate(parameters, zeros([Samples, d], int64)))).Should().Throw<ArgumentException>("whole numbers are no coordinates");
        var foreign = new ParameterSet(new ParameterLayout([new ParameterSpec("foreign", [1], ParameterRole.Weight)]), [zeros(1, float64)]);
        ((Action)(() => target.Evaluate(foreign, zeros([Samples, d], float64)))).Should().Throw<ArgumentException>();
    }

    /// <summary>Initialization and evaluation, with and without a graph, leave no tensor behind.</summary>
    public static void NoTensorLeft(TargetCase row) => LiveTensors.ShouldStayFlat(() =>
    {
        var target = row.Target;
        using var points = Points(target, Samples, 1);
        using var parameters = row.DrawExact(0);
        target.Evaluate(parameters, points).Dispose();
        using var leaves = parameters.AsLeaves();
        if (leaves.Trainable().Length == 0)
            return;
        using var output = target.Evaluate(leaves, points);
        using var loss = output.sum();
        foreach (var g in autograd.grad([loss], leaves.Trainable(), allow_unused: true))
            g?.Dispose();
    });

    /// <summary>The closed form is where the gradient with respect to the linear parameters vanishes.</summary>
    public static void LinearSolveIsStationary(TargetCase row)
    {
        var target = (ILinearInParameters)row.Target;
        using var scope = NewDisposeScope();
        target.LinearParameters.Should().NotBeEmpty();
        long count = Math.Max(64, 2 * target.LinearParameters.Max(n => target.Layout[n].Count));
        var points = Points(target, count, 1);
        using var generator = new Generator(5);
        var values = randn([count, target.OutputDimension], float64, generator: generator);
        var start = row.DrawExact(0);
        var solved = target.SolveLinear(start, points, values, ridge: 1e-12);
        foreach (var spec in target.Layout.Where(s => !target.LinearParameters.Contains(s.Name)))
            Close.ShouldBeSame(solved[spec.Name], start[spec.Name], "the other parameters stay");

        var leaves = solved.Map((_, t) => t.detach().clone().requires_grad_());
        var residual = (target.Evaluate(leaves, points) - values).square().mean();
        var gradients = autograd.grad([residual], target.LinearParameters.Select(n => leaves[n]).ToArray());
        double slope = gradients.Max(g => g.abs().max().item<double>());
        slope.Should().BeLessThan(1e-6 * Math.Max(1, residual.item<double>()));
    }

    /// <summary>Points within the domain, the same for the same seed; shape [count,d], float64.</summary>
    internal static Tensor Points(ITargetFunction target, long count, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        return (rand([count, target.InputDimension], float64, generator: generator) * 1.9 - 0.95).MoveToOuterDisposeScope();
    }
}
