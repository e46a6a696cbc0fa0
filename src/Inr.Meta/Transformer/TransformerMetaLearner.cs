using System.Diagnostics;
using System.Globalization;
using Inr.Losses;

namespace Inr.Meta;

/// <summary>Trans-INR: a transformer looks at a signal and writes θ of its target function in one forward pass.</summary>
/// <remarks>
/// <para>
/// Data tokens d (patches of an image, or sets of samples) and learned weight tokens w go through one encoder; each
/// weight token then gives the column by which its group of neurons differs from shared base weights:
/// <c>[·, T] = encoder([d, w])</c>, <c>θ = rule(base, head(T))</c>. Trained end to end on the mean over signals of the
/// mean squared error; see <see cref="TransformerOptions"/> for what may vary and <see cref="TransformerHypernetwork"/>
/// for the parts. With <see cref="TransformerOptions.SolveLinearPart"/> the parameters in which the target is linear are
/// solved on the context, inside the forward pass.
/// </para>
/// <para>Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022 (arXiv 2208.02801).</para>
/// </remarks>
public sealed class TransformerMetaLearner : IMetaLearner
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "transformer";

    // The target's half of a training step: the activations of so many samples stay in a processor's cache.
    private const int CpuSamplesPerPiece = 4_096;
    private const int DeviceSamplesPerPiece = 262_144;

    private readonly TransformerOptions _options;
    private readonly ISignalTokenizer _tokenizer;
    private readonly ParameterSet _weights;
    private ParameterSet? _fast;
    private EncoderPass _fastPass = EncoderPass.Default;

    /// <summary>Creates an untrained learner.</summary>
    /// <param name="target">The target function; any layout.</param>
    /// <param name="imageSize">The side of the square images that it is for; null for signals of any sampling.</param>
    /// <param name="options">The shape; copied.</param>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <param name="seed">Draws the initial weights.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException">An image size for a target that is not of images, patches that do not fit it, or a closed form that the target lacks.</exception>
    public TransformerMetaLearner(ITargetFunction target, int? imageSize = null, TransformerOptions? options = null, Device? device = null, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new TransformerOptions();
        new TransformerOptionsValidator().ThrowIfInvalid(options);
        _options = options;
        ImageSize = imageSize;
        TrainedOn = imageSize is { } side and > 0 ? SignalDomain.Grid(side, side) : null;
        Loss = new LossFunction(target, ridge: _options.SolveLinearPart ? _options.Ridge : null, samplesPerPiece: (device ?? CPU).type == DeviceType.CPU ? CpuSamplesPerPiece : DeviceSamplesPerPiece);
        Finished = new LossFunction(target);
        (_tokenizer, Network) = Describe(target, imageSize, _options);
        using var generator = new Generator((ulong)seed);
        using var initial = Network.Initialize(generator, device);
        _weights = initial.AsLeaves().DetachFromDisposeScope();
        // Fixed tensors, such as drawn frequencies, are part of what a file must store.
        Weights = [.. Network.Layout.Select(s => new MetaWeight(s.Name, _weights[s.Name], s.IsTrainable ? 1 : 0))];
    }

    /// <summary>The target function.</summary>
    public ITargetFunction Target => Network.Target;

    ITargetFunction? ISignalFitter.Target => Target;

    /// <summary>The parts of the hypernetwork.</summary>
    public TransformerHypernetwork Network { get; }

    /// <summary>The side of the square images that it is for; null for signals of any sampling.</summary>
    public int? ImageSize { get; }

    /// <inheritdoc/>
    public MetaLearnerDescription Description => new(Kind, TransformerJson.Write(_options, ImageSize), Target.Description);

    /// <inheritdoc/>
    public IReadOnlyList<MetaWeight> Weights { get; }

    /// <summary>What an outer loop of your own needs; <see cref="Train"/> hands it to a <see cref="MetaTrainer"/>.</summary>
    public IMetaObjective Objective => new TransformerObjective(this, _options);

    /// <summary>The weights as a set of <see cref="TransformerHypernetwork.Layout"/>; the learner keeps it.</summary>
    internal ParameterSet WeightSet => _weights;

    private Device Device => _weights.Device;

    // On the CPU the fused kernel wins forwards, but its backward pass loses twice as much.
    private AttentionKernel TrainingKernel => Device.type == DeviceType.CPU ? AttentionKernel.Explicit : AttentionKernel.Fused;

    /// <summary>Rebuilds an untrained learner from its description.</summary>
    public static TransformerMetaLearner FromDescription(MetaLearnerDescription description, Device? device = null) => (TransformerMetaLearner)Plan(description).Create(device);

    /// <summary>Plans the untrained learner of a description.</summary>
    public static MetaLearnerPlan Plan(MetaLearnerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var (options, size) = TransformerJson.Read(description.Options);
        new TransformerOptionsValidator().ThrowIfInvalid(options);
        var target = TargetRegistry.Create(description.Target);
        return new MetaLearnerPlan(Describe(target, size, options).Network.Layout, device => new TransformerMetaLearner(target, size, options, device));
    }

    /// <inheritdoc/>
    public SignalDomain? TrainedOn { get; set; }

    /// <inheritdoc/>
    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        UseFullPrecision();
        var result = AveragedObjective.Train(Objective, _options.AverageDecay, options, signals, progress, cancellationToken);
        TrainedOn = result.TrainedOn ?? TrainedDomain.Of(signals);
        return result;
    }

    /// <inheritdoc/>
    /// <remarks>Without a graph; <see cref="Generate(SignalBatch, EncoderPass)"/> is the differentiable core.</remarks>
    public ParameterSet Adapt(SignalBatch context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var moved = context.Values.IsOn(Device) ? null : context.To(Device);
        // Detached, because a view of a weight keeps asking for gradients where none are recorded.
        return Generate(_fast ?? _weights, moved ?? context, _fastPass).Map((_, t) => t.detach()).MoveToOuterDisposeScope();
    }

    /// <summary>θ for each signal of a batch, differentiable in the weights and in the values.</summary>
    /// <param name="context">B signals, on the device of the weights.</param>
    /// <param name="pass">Kernel and type. By default the type of the options and the kernel that is faster with its gradient on
    /// this device. Use <see cref="AttentionKernel.Explicit"/> to differentiate twice.</param>
    /// <returns>θ with a batch axis; the caller owns it.</returns>
    public ParameterSet Generate(SignalBatch context, EncoderPass? pass = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Generate(_weights, context, pass ?? new EncoderPass(TrainingKernel, _options.LinearType));
    }

    /// <inheritdoc/>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        RequireFits(context);
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var signal = context.To(Device, ScalarType.Float32);
        using var seen = Seen(signal);
        using var batch = SignalBatch.Of(seen ?? signal);
        using var theta = Adapt(batch);
        var parameters = theta.Select(0);
        // One pass, and the work is done: it is too late to cancel.
        double loss = Finished.ValueOf(parameters, LossSamples.Of(signal), cancellationToken: CancellationToken.None).item<double>();
        if (!double.IsFinite(loss))
            throw new DivergedException(0, loss, "The generated parameters are not finite: train again with a lower learning rate or with ClipNorm.");
        progress?.Report(new FitProgress(0, 0, loss, clock.Elapsed));
        return new FitResult
        {
            Representation = new ImplicitRepresentation(Target, parameters, context.Domain) { Format = context.Format },
            Status = FitStatus.Completed,
            Message = string.Create(CultureInfo.InvariantCulture, $"Generated in one forward pass: {-10 * Math.Log10(loss):0.00} dB in {clock.Elapsed.TotalSeconds:0.00} s."),
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>Makes <see cref="Adapt"/> and <see cref="Fit"/> compute linear layers in another type, with weights that are cast once, now.</summary>
    /// <param name="linearType">float32 or bfloat16. bfloat16 halves the memory and is faster where the processor multiplies
    /// it (AVX-512 BF16, AMX, GPUs); θ differs by its rounding of about three digits.</param>
    /// <remarks>Call it again after loading weights; training goes back to full precision.</remarks>
    public void UseLinearType(ScalarType linearType)
    {
        if (linearType is not (ScalarType.Float32 or ScalarType.BFloat16))
            throw new ArgumentOutOfRangeException(nameof(linearType), linearType, "Linear layers compute in Float32 or BFloat16.");
        UseFullPrecision();
        if (linearType == ScalarType.Float32)
            return;
        using var _ = no_grad();
        _fast = TransformerHypernetwork.CastLinear(_weights, linearType).DetachFromDisposeScope();
        _fastPass = new EncoderPass(LinearType: linearType);
    }

    /// <summary>The weight tokens before the first block and after each half block.</summary>
    internal IEnumerable<Tensor> WeightTokenStages(SignalBatch context) =>
        Network.WeightTokenStages(_weights, _tokenizer.Tokenize(_weights, context));

    /// <summary>θ from weight tokens of any stage, the closed form included.</summary>
    internal ParameterSet Decode(Tensor tokens, SignalBatch context) => Solve(Network.Decode(_weights, tokens), context);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _fast?.Dispose();
    }

    private static (ISignalTokenizer Tokenizer, TransformerHypernetwork Network) Describe(ITargetFunction target, int? imageSize, TransformerOptions options)
    {
        if (imageSize is not null && target.InputDimension != 2)
            throw new ArgumentException($"An image size was given, but the target takes {target.InputDimension} coordinates instead of 2.", nameof(imageSize));
        if (options.SolveLinearPart && target is not ILinearInParameters { LinearParameters.Count: > 0 })
            throw new ArgumentException($"SolveLinearPart needs a target that is linear in some of its parameters; '{target.Description.Kind}' is not.", nameof(options));
        ISignalTokenizer tokenizer = imageSize is { } size
            ? new ImagePatchTokenizer(size, target.OutputDimension, options.PatchSize, options.Padding, options.Dimension)
            : new SampleSetTokenizer(target.InputDimension, target.OutputDimension, options.Dimension, options.SamplesPerToken);
        return (tokenizer, new TransformerHypernetwork(target, tokenizer, options));
    }

    private void UseFullPrecision()
    {
        _fast?.Dispose();
        _fast = null;
        _fastPass = EncoderPass.Default;
    }

    /// <summary>The mean squared error of what the weight tokens give, after the linear part was solved where the options say so.</summary>
    internal LossFunction Loss { get; }

    /// <summary>The mean squared error of a finished θ.</summary>
    internal LossFunction Finished { get; }

    /// <summary>What the weight tokens give: θ before its linear part is solved; with a graph, in the training kernel.</summary>
    internal ParameterSet GenerateUnsolved(SignalBatch context) => GenerateUnsolved(_weights, context, new EncoderPass(TrainingKernel, _options.LinearType));

    private ParameterSet Generate(ParameterSet weights, SignalBatch context, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        return Solve(GenerateUnsolved(weights, context, pass), context).MoveToOuterDisposeScope();
    }

    private ParameterSet GenerateUnsolved(ParameterSet weights, SignalBatch context, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        return Network.Generate(weights, _tokenizer.Tokenize(weights, context, pass.LinearType), pass).MoveToOuterDisposeScope();
    }

    private ParameterSet Solve(ParameterSet theta, SignalBatch context) => _options.SolveLinearPart ? Loss.Solve(theta, LossSamples.Of(context)) : theta;

    private void RequireFits(Signal context)
    {
        SignalMismatchException.ThrowIfOther(Target.InputDimension, Target.OutputDimension, context.InputDimension, context.Channels, $"the signal ({context}) has", nameof(context));
        if (ImageSize is { } size && !IsOfSize(context, size) && !(_options.ResizeImages && context.Domain.IsGrid))
            throw new SignalMismatchException($"The learner is for images of {size}×{size} pixels; the signal is {context}. Resize it first, or set TransformerOptions.ResizeImages.", nameof(context));
    }

    private static bool IsOfSize(Signal image, int size) => image.Domain.IsGrid && image.Domain.GridShape.SequenceEqual([size, size]);

    // What the tokenizer looks at: an image of the size of the weights, where the signal has another one.
    private Signal? Seen(Signal signal)
    {
        if (ImageSize is not { } size || IsOfSize(signal, size))
            return null;
        using var resized = signal.Resize(Inr.ImageSize.Square(size));
        return resized.To(Device);
    }
}
