namespace Inr.Testing;

/// <summary>What the bound function of every <see cref="ITargetFunction"/> promises, in double and in single precision.</summary>
public static class BoundContract
{
    private const int Samples = 37;

    // Rounding in double, and in single precision beside values and slopes of some size.
    private const double Exact = 1e-10;
    private const double Single = 5e-5;

    /// <summary>What the row's target gives, in both types: θ, the bound function, and how close two ways to the same number must be.</summary>
    private static void InBothTypes(TargetCase row, Action<ParameterSet, BoundFunction, double> check)
    {
        foreach (var type in (ScalarType[])[ScalarType.Float64, ScalarType.Float32])
        {
            using var scope = NewDisposeScope();
            using var drawn = row.Draw(0);
            using var parameters = drawn.To(type);
            using var bound = row.Target.Bind(parameters);
            check(parameters, bound, type == ScalarType.Float64 ? Exact : Single);
        }
    }

    /// <summary>The bound function gives what evaluation gives, without a graph, wherever θ came from.</summary>
    public static void BoundEqualsEvaluate(TargetCase row) => InBothTypes(row, (parameters, bound, tolerance) =>
    {
        bound.Target.Should().BeSameAs(row.Target);
        bound.ScalarType.Should().Be(parameters.ScalarType);
        (bound.InputDimension, bound.OutputDimension).Should().Be((row.Target.InputDimension, row.Target.OutputDimension));
        var points = TargetContract.Points(row.Target, Samples, 1).to(bound.ScalarType);
        var expected = row.Target.Evaluate(parameters, points);
        var values = bound.Evaluate(points);
        values.dtype.Should().Be(bound.ScalarType);
        Close.ShouldBeClose(values, expected, tolerance);
        bound.Evaluate(points.narrow(0, 0, 0)).shape.Should().Equal(0, row.Target.OutputDimension);

        using var leaves = parameters.AsLeaves();
        using var ofLeaves = row.Target.Bind(leaves);
        var detached = ofLeaves.Evaluate(points.detach().requires_grad_());
        detached.requires_grad.Should().BeFalse();
        Close.ShouldBeClose(detached, expected, tolerance);
    });

    /// <summary>A rendered grid holds the values at the grid's coordinates, and a window those of its part of the domain.</summary>
    public static void RenderEqualsEvaluateOnTheGrid(TargetCase row) => InBothTypes(row, (parameters, bound, tolerance) =>
    {
        int d = row.Target.InputDimension;
        int[] shape = [.. Enumerable.Range(0, d).Select(a => 6 - a)];
        var grid = CoordinateGrid.Create(shape, dtype: bound.ScalarType);
        Close.ShouldBeClose(bound.Render(shape), bound.Evaluate(grid), tolerance);

        (double Low, double High)[] window = [.. Enumerable.Range(0, d).Select(a => (-0.61 + (0.05 * a), 0.37 - (0.11 * a)))];
        var zoom = CoordinateGrid.Create(shape, window, dtype: bound.ScalarType);
        Close.ShouldBeClose(bound.Render(shape, window), bound.Evaluate(zoom), tolerance);

        // Beyond the domain the function goes on, the same for points and for grids.
        Array.Fill(window, (-1.4, 1.3));
        var beyond = CoordinateGrid.Create(shape, window, dtype: bound.ScalarType);
        Close.ShouldBeClose(bound.Render(shape, window), bound.Evaluate(beyond), 4 * tolerance);

        // A slice: one axis without an extent.
        window[0] = (0.21, 0.21);
        shape[0] = 1;
        var slice = CoordinateGrid.Create(shape, window, dtype: bound.ScalarType);
        Close.ShouldBeClose(bound.Render(shape, window), bound.Evaluate(slice), 4 * tolerance);
    });

    /// <summary>The samples of a window are those samples of the whole grid.</summary>
    public static void WindowIsPartOfTheWhole(TargetCase row) => InBothTypes(row, (_, bound, tolerance) =>
    {
        int d = row.Target.InputDimension, c = row.Target.OutputDimension;
        int[] whole = [.. Enumerable.Repeat(8, d)], half = [.. Enumerable.Repeat(4, d)];
        var window = new (double Low, double High)[d];
        Array.Fill(window, (-0.5, 0.5));
        var part = bound.Render(whole).reshape([.. whole.Select(n => (long)n), c]);
        for (int a = 0; a < d; a++)
            part = part.narrow(a, 2, 4);
        Close.ShouldBeClose(bound.Render(half, window), part.reshape(-1, c), tolerance);
    });

    /// <summary>The Jacobian is what central differences of the values are, in every value and coordinate.</summary>
    public static void JacobianMatchesFiniteDifferences(TargetCase row)
    {
        using var scope = NewDisposeScope();
        int d = row.Target.InputDimension;
        using var parameters = row.DrawExact(0);
        using var bound = row.Target.Bind(parameters);
        var points = TargetContract.Points(row.Target, Samples, 1);
        var jacobian = bound.Jacobian(points);
        jacobian.shape.Should().Equal(Samples, row.Target.OutputDimension, d);
        jacobian.requires_grad.Should().BeFalse();
        const double Step = 2e-6;
        var columns = Enumerable.Range(0, d).Select(a =>
        {
            var shift = zeros([1, d], float64);
            shift[0, a] = Step;
            return (bound.Evaluate(points + shift) - bound.Evaluate(points - shift)) / (2 * Step);
        }).ToArray();
        Close.ShouldBeClose(jacobian, stack(columns, -1), 1e-6);

        // In single precision a target may have another way, such as a closed form: it must come to the same.
        using var rounded = parameters.To(ScalarType.Float32);
        using var single = row.Target.Bind(rounded);
        Close.ShouldBeClose(single.Jacobian(points.to(ScalarType.Float32)), jacobian, 1e-3);
    }

    /// <summary>Many chunks give what one gives.</summary>
    public static void ChunksEqualWhole(TargetCase row) => InBothTypes(row, (_, bound, tolerance) =>
    {
        var points = TargetContract.Points(row.Target, Samples, 1).to(bound.ScalarType);
        Close.ShouldBeClose(bound.Evaluate(points, chunk: 5), bound.Evaluate(points), tolerance);
        Close.ShouldBeClose(bound.Jacobian(points, chunk: 5), bound.Jacobian(points), 4 * tolerance);
        int[] shape = [.. Enumerable.Repeat(5, row.Target.InputDimension)];
        var whole = new (double Low, double High)[shape.Length];
        Array.Fill(whole, (-1.0, 1.0));
        Close.ShouldBeClose(bound.Render(shape, whole, chunk: 4), bound.Render(shape), tolerance);
    });

    /// <summary>A bound function is a snapshot of its θ: neither another binding nor a change in place, nor the end of θ, changes it.</summary>
    public static void BoundIsASnapshot(TargetCase row) => InBothTypes(row, (parameters, bound, _) =>
    {
        var points = TargetContract.Points(row.Target, Samples, 1).to(bound.ScalarType);
        var first = bound.Evaluate(points);
        var slopes = bound.Jacobian(points);
        using (var drawn = row.Draw(1))
        using (var other = drawn.To(bound.ScalarType))
        using (var second = row.Target.Bind(other))
            // A θ without anything to train is the same one again.
            second.Evaluate(points).eq(first).all().item<bool>().Should().Be(!row.Target.Layout.Any(spec => spec.IsTrainable), "another θ is another function");

        using (no_grad())
        {
            foreach (var t in parameters.Tensors)
                t.mul_(3);
        }

        parameters.Dispose();
        Close.ShouldBeSame(bound.Evaluate(points), first);
        Close.ShouldBeSame(bound.Jacobian(points), slopes);
    });

    /// <summary>Threads that share a bound function get what one gets.</summary>
    public static void ThreadsShareIt(TargetCase row)
    {
        using var parameters = row.Draw(0);
        using var bound = row.Target.Bind(parameters);
        using var points = TargetContract.Points(row.Target, Samples, 1).to(ScalarType.Float32);
        using var expected = bound.Evaluate(points);
        int[] shape = [.. Enumerable.Repeat(4, row.Target.InputDimension)];
        using var grid = bound.Render(shape);
        Parallel.For(0, 8, _ =>
        {
            using var scope = NewDisposeScope();
            Close.ShouldBeSame(bound.Evaluate(points), expected);
            Close.ShouldBeSame(bound.Render(shape), grid);
        });
    }

    /// <summary>Wrong arguments are refused with a message, before native code sees them.</summary>
    public static void WrongArgumentsRefused(TargetCase row)
    {
        using var scope = NewDisposeScope();
        var target = row.Target;
        int d = target.InputDimension;
        var parameters = row.DrawExact(0);
        var batch = ParameterSet.Stack([parameters, row.DrawExact(1)]);
        target.Invoking(t => t.Bind(batch)).Should().Throw<ArgumentException>().WithMessage("*batch of 2*");
        target.Invoking(t => t.Bind(null!)).Should().Throw<ArgumentNullException>();
        var foreign = new ParameterSet(new ParameterLayout([new ParameterSpec("foreign", [1], ParameterRole.Weight)]), [zeros(1, float64)]);
        target.Invoking(t => t.Bind(foreign)).Should().Throw<ArgumentException>().WithMessage("*foreign*");

        using var bound = target.Bind(parameters);
        foreach (long[] shape in (long[][])[[Samples, d + 1], [Samples], [], [1, Samples, d]])
        {
            var x = zeros(shape, float64);
            bound.Invoking(b => b.Evaluate(x)).Should().Throw<ArgumentException>().WithMessage($"*[{string.Join(',', shape)}]*");
            bound.Invoking(b => b.Jacobian(x)).Should().Throw<ArgumentException>().WithMessage($"*[{string.Join(',', shape)}]*");
        }

        bound.Invoking(b => b.Evaluate(zeros([Samples, d], float32))).Should().Throw<ArgumentException>().WithMessage("*Float32*Float64*");
        bound.Invoking(b => b.Evaluate(zeros([Samples, d], float64), chunk: 0)).Should().Throw<ArgumentOutOfRangeException>();
        int[] grid = [.. Enumerable.Repeat(3, d)];
        bound.Invoking(b => b.Render([.. grid, 3])).Should().Throw<ArgumentException>().WithMessage("*axes*");
        bound.Invoking(b => b.Render([.. grid.Select(_ => 0)])).Should().Throw<ArgumentException>().WithMessage("*at least 1 sample*");
        foreach (var (low, high) in ((double, double)[])[(0.5, -0.5), (double.NaN, 1), (-1, double.PositiveInfinity)])
        {
            (double Low, double High)[] window = [.. grid.Select(_ => (low, high))];
            bound.Invoking(b => b.Render(grid, window)).Should().Throw<ArgumentException>().WithMessage("*interval*");
        }

        bound.Invoking(b => b.Render(grid, [.. grid.Select(_ => (-1.0, 1.0)), (-1.0, 1.0)])).Should().Throw<ArgumentException>().WithMessage("*intervals*");
        bound.Dispose();
        bound.Dispose();
        bound.Invoking(b => b.Evaluate(zeros([Samples, d], float64))).Should().Throw<ObjectDisposedException>();
        bound.Invoking(b => b.Render(grid)).Should().Throw<ObjectDisposedException>();
    }

    /// <summary>Binding, evaluating, rendering and differentiating leave no tensor behind.</summary>
    public static void NoTensorLeft(TargetCase row) => LiveTensors.ShouldStayFlat(() =>
    {
        foreach (var type in (ScalarType[])[ScalarType.Float64, ScalarType.Float32])
        {
            using var drawn = row.Draw(0);
            using var parameters = drawn.To(type);
            using var bound = row.Target.Bind(parameters);
            using var exact = TargetContract.Points(row.Target, Samples, 1);
            using var points = exact.to(type, copy: true);
            bound.Evaluate(points, chunk: 9).Dispose();
            bound.Jacobian(points, chunk: 9).Dispose();
            bound.Render([.. Enumerable.Repeat(3, row.Target.InputDimension)]).Dispose();
        }
    });
}
