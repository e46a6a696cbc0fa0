using System.Runtime.InteropServices;

namespace Inr.Testing;

/// <summary>Proves on a machine without a GPU that code is ready for one. Each of two proofs sees what the other cannot.</summary>
/// <remarks>
/// <para>
/// <b>On meta</b>: all tensors are on libtorch's device <c>meta</c>, which knows shapes and no numbers. An elementwise operation
/// with a tensor that was made on the CPU throws, and so does reading a number back. But matrix products, <c>cat</c> and
/// <c>gather</c> do not compare devices there, and some operations have no meta kernel; what needs one of these is excluded by
/// name, and the exclusion is checked to be needed.
/// </para>
/// <para>
/// <b>Without a default device</b>: all tensors are on the CPU, and the default device is one that no machine has. A tensor that
/// is made without saying where throws at once, whatever is done with it afterwards.
/// </para>
/// </remarks>
public static class DeviceContract
{
    private const int Samples = 7;

    /// <summary>The device that knows shapes and no numbers.</summary>
    public static Device Meta => device("meta");

    /// <summary>Runs code to which a tensor that is made without saying where is an error.</summary>
    public static T WithoutDefaultDevice<T>(Func<T> code)
    {
        var before = get_default_device();
        set_default_device(device(DeviceType.FPGA));
        try
        {
            return code();
        }
        finally
        {
            set_default_device(before);
        }
    }

    /// <summary>Asserts where tensors are.</summary>
    public static void ShouldBeOn(Device expected, IEnumerable<Tensor> tensors) =>
        tensors.Select(t => t.device.ToString()).Should().AllBe(expected.ToString(), "every tensor stays where the arguments are");

    /// <summary>Drawing, evaluation, loss and gradient with all tensors on meta, for one function and for two.</summary>
    public static void TargetRunsOnMeta(TargetCase target)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var theta = target.Target is ITrainableTarget trainable ? trainable.Initialize(generator, Meta) : target.Draw(1).To(Meta);
        ShouldBeOn(Meta, theta.Tensors);
        ShouldBeOn(Meta, ValuesAndGradients(target.Target, theta, Meta));
        ShouldBeOn(Meta, ValuesAndGradients(target.Target, ParameterSet.Stack([theta, theta]), Meta));
    }

    /// <summary>A target is excluded from <see cref="TargetRunsOnMeta"/> with reason: it still fails, and for the reason given.</summary>
    /// <param name="target">The target.</param>
    /// <param name="reason">What the message says: the operation that lacks a kernel, or what is read back.</param>
    public static void TargetLacksMeta(TargetCase target, string reason) =>
        ((Action)(() => TargetRunsOnMeta(target))).Should().Throw<ExternalException>($"a target that runs on meta is not to be excluded").WithMessage($"*{reason}*");

    /// <summary>Drawing, evaluation, loss, gradient, closed form and the bound function name the device of every tensor that they make.</summary>
    public static void TargetNamesDevices(TargetCase target)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var theta = target.Target is ITrainableTarget trainable ? WithoutDefaultDevice(() => trainable.Initialize(generator)) : target.Draw(1);
        ShouldBeSame(() => ValuesAndGradients(target.Target, theta, CPU));
        ShouldBeSame(() => ValuesAndGradients(target.Target, ParameterSet.Stack([theta, theta]), CPU));
        ShouldBeSame(() =>
        {
            using var bound = target.Target.Bind(theta);
            var points = Points(target.Target, Samples, CPU);
            return [bound.Evaluate(points), bound.Jacobian(points)];
        });
    }

    /// <summary>A fit names the device of every tensor that it makes, and gives the same bits.</summary>
    public static void FitterNamesDevices(ISignalFitter fitter)
    {
        using var image = FitterContract.TestImage();
        using var expected = fitter.Fit(image);
        using var found = WithoutDefaultDevice(() => fitter.Fit(image));
        for (int i = 0; i < expected.Representation.Parameters.Layout.Count; i++)
            Close.ShouldBeSame(found.Representation.Parameters[i], expected.Representation.Parameters[i]);
        using var rendered = WithoutDefaultDevice(() => found.Representation.Render());
        ShouldBeOn(CPU, [rendered.Values, rendered.Coordinates]);
    }

    // The same bits with and without a default device.
    private static void ShouldBeSame(Func<Tensor[]> code)
    {
        var expected = code();
        var found = WithoutDefaultDevice(code);
        for (int i = 0; i < found.Length; i++)
            Close.ShouldBeSame(found[i], expected[i]);
    }

    // Drawn on the CPU and moved, because meta has no numbers.
    private static Tensor Points(ITargetFunction target, long count, Device place)
    {
        using var generator = new Generator(2);
        return (rand([count, target.InputDimension], dtype: float32, device: CPU, generator: generator) * 1.8 - 0.9).to(place);
    }

    // Values, gradients in θ and in the coordinates, and θ with its linear part solved.
    private static Tensor[] ValuesAndGradients(ITargetFunction target, ParameterSet parameters, Device place)
    {
        var leaves = parameters.AsLeaves();
        using var generator = new Generator(3);
        long count = Math.Max(Samples, 2 * target.Layout.Max(s => s.Count));
        var points = Points(target, count, place).requires_grad_();
        var values = rand([count, target.OutputDimension], dtype: float32, device: CPU, generator: generator).to(place);
        var output = target.Evaluate(leaves, points);
        var loss = (output - values).square().mean();
        // Unlike autograd.grad, this reports what fails in a backward pass; the other one ends the process.
        loss.backward();
        var gradients = leaves.Trainable().Append(points).Select(t => t.grad).OfType<Tensor>();
        // The factor of normal equations is solved with an operation that meta lacks.
        Tensor[] solved = place.type == DeviceType.CPU && target is ILinearInParameters { LinearParameters.Count: > 0 } linear
            ? [.. linear.SolveLinear(parameters, points.detach(), values, ridge: 1e-3).Tensors]
            : [];
        return [output, loss, .. gradients, .. solved];
    }
}
