using Inr.Optimization;
using Inr.Parameterizations;

namespace Inr.Meta;

/// <summary>Trans-INR for scenes: a transformer looks at one or a few posed pictures and writes the radiance field of the scene.</summary>
/// <remarks>Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022, section 4.2.</remarks>
public sealed class ViewSynthesizer : IDisposable
{
    private readonly PosedViewTokenizer _tokenizer;
    private readonly ParameterSet _weights;

    /// <summary>Creates an untrained model.</summary>
    /// <param name="target">The radiance field.</param>
    /// <param name="size">The side of the pictures that it looks at.</param>
    /// <param name="options">The shape; copied.</param>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <param name="seed">Draws the initial weights.</param>
    public ViewSynthesizer(NerfMlp target, int size, TransformerOptions? options = null, Device? device = null, long seed = 0)
    {
        options ??= new TransformerOptions();
        Network = Describe(target, size, options);
        _tokenizer = (PosedViewTokenizer)Network.Tokenizer;
        using var generator = new Generator((ulong)seed);
        using var initial = Network.Initialize(generator, device);
        _weights = initial.AsLeaves().DetachFromDisposeScope();
    }

    /// <summary>The parts of the hypernetwork.</summary>
    public TransformerHypernetwork Network { get; }

    /// <summary>The radiance field.</summary>
    public ITargetFunction Target => Network.Target;

    /// <summary>The weights, leaves that require gradients; the model keeps them.</summary>
    public ParameterSet Weights => _weights;

    internal ParameterSet WeightSet => _weights;

    /// <summary>Writes the radiance fields of B scenes.</summary>
    /// <param name="support">The views to look at.</param>
    /// <returns>θ with a batch axis; differentiable in the weights. The caller's dispose scope owns it.</returns>
    public ParameterSet Generate(PosedViews support) => Generate(_weights, support);

    /// <summary>The same with other weights of the same layout.</summary>
    public ParameterSet Generate(ParameterSet weights, PosedViews support)
    {
        using var scope = NewDisposeScope();
        return Network.Generate(weights, _tokenizer.Tokenize(weights, support)).MoveToOuterDisposeScope();
    }

    /// <summary>Test-time optimisation: steps of Adam on all numbers of the radiance fields, on random rays of the support views.</summary>
    /// <param name="theta">θ with a batch axis, as <see cref="Generate(PosedViews)"/> gives it; it stays as it is.</param>
    /// <param name="support">The views of the same scenes.</param>
    /// <param name="renderer">How rays are rendered; points are not jittered.</param>
    /// <param name="generator">Draws the rays, on the CPU.</param>
    /// <param name="steps">The number of steps; 100 as in the official evaluation.</param>
    /// <param name="learningRate">1e-4 there.</param>
    /// <param name="raysPerStep">1,024 there, drawn with replacement.</param>
    /// <returns>The improved θ; the caller owns it.</returns>
    public ParameterSet Optimize(ParameterSet theta, PosedViews support, VolumeRenderer renderer, Generator generator, int steps = 100, double learningRate = 1e-4, int raysPerStep = 1024)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(support);
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(raysPerStep, 1);
        using var scope = NewDisposeScope();
        var rays = support.Rays();
        long scenes = support.Images.shape[0];
        Tensor Rows(Tensor t) => t.reshape(scenes, -1, 3);
        var (origins, directions, colours) = (Rows(rays.Origins), Rows(rays.Directions), Rows(support.Images));
        var optimizer = new FirstOrderOptimizer(new AdamRule());
        var current = theta.Detach();
        var state = optimizer.Initialize(current.Tensors).DetachFromDisposeScope();
        for (int step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var index = randint(0, origins.shape[1], [raysPerStep], dtype: int64, generator: generator).to(origins.device);
            var (updated, next, _) = optimizer.Step(current.Tensors, state, tensors =>
            {
                using var recording = enable_grad();
                var leaves = tensors.Select(t => t.detach().requires_grad_()).ToArray();
                var seen = renderer.Render(Target, new ParameterSet(Target.Layout, leaves), origins.index_select(1, index), directions.index_select(1, index));
                // The sum over scenes: no scene's step depends on another.
                var loss = (seen - colours.index_select(1, index)).square().mean([1L, 2L]).sum();
                return (loss.detach(), Gradients.Of(loss, leaves));
            }, learningRate);
            current.Dispose();
            state.Dispose();
            current = new ParameterSet(Target.Layout, updated).DetachFromDisposeScope();
            state = next.DetachFromDisposeScope();
        }

        state.Dispose();
        return current.DetachFromDisposeScope();
    }

    /// <summary>Writes the scenes from support views and judges them on query views, as the official evaluation does: whole pictures, no jitter, unclamped.</summary>
    /// <param name="support">The views to look at.</param>
    /// <param name="query">Other views of the same scenes.</param>
    /// <param name="renderer">How rays are rendered.</param>
    /// <returns>The PSNR of every query view in dB, scene by scene; the official number is the mean over many random choices of views.</returns>
    public IReadOnlyList<double> Judge(PosedViews support, PosedViews query, VolumeRenderer renderer)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(renderer);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var theta = Generate(support);
        var rays = query.Rays();
        var psnrs = new List<double>();
        for (int scene = 0; scene < query.Images.shape[0]; scene++)
        {
            var own = theta.Select(scene);
            for (int view = 0; view < query.Images.shape[1]; view++)
            {
                using var inner = NewDisposeScope();
                var picture = renderer.RenderImage(Target, own, new CameraRays(rays.Origins[scene, view], rays.Directions[scene, view]));
                psnrs.Add(Psnr.Of(query.Images[scene, view], picture));
            }
        }

        return psnrs;
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    internal static TransformerHypernetwork Describe(NerfMlp target, int size, TransformerOptions options) =>
        new(target, new PosedViewTokenizer(size, options.PatchSize, options.Padding, options.Dimension), options);
}
