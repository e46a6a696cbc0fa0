namespace Inr.Losses;

/// <summary>A <see cref="Loss"/> of one target function, as a function of θ and samples: the one place where the library compares a function with a signal.</summary>
/// <remarks>
/// <para>
/// Everything works for one function or for B at once ([B] losses, one for each signal), with masks, and in pieces: whole
/// signals where several fit, and of one that does not, some samples at a time. The result is that of one pass up to
/// rounding, and memory is bounded. <see cref="Of"/> leaves a graph that may be differentiated twice, for outer loops;
/// <see cref="ValueOf"/> leaves none; <see cref="Differentiate(IReadOnlyList{Tensor}, ParameterAssembly, LossSamples, LossSamples?, Generator?, bool)"/>
/// gives value and gradient, by an <see cref="ILossKernel"/> where there is one, else by autograd.
/// </para>
/// <para>
/// With a ridge, the parameters in which the target is linear always have the values that are best for the rest (variable
/// projection; Golub and Pereyra, 1973), and the loss is a function of the rest. They are solved on the context and judged
/// on the query, which is the context itself where nothing else is said.
/// </para>
/// </remarks>
public sealed class LossFunction
{
    private const int CpuSamplesPerPiece = 8_192;
    private const int DeviceSamplesPerPiece = 262_144;

    private readonly int? _samplesPerPiece;
    private readonly LinearPart? _linear;
    private readonly ParameterMask? _mask;

    // Of each tensor of the layout, whether an optimizer moves it.
    private readonly bool[] _moves;

    /// <summary>Creates the function.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="loss">What to compute; the mean squared error by default.</param>
    /// <param name="ridge">Solves the linear part at each evaluation with this penalty, relative to the mean diagonal of the normal equations; null to leave it as it is.</param>
    /// <param name="samplesPerPiece">Samples that go through the target at a time, those of several signals included; 8,192 on the CPU, where the
    /// activations of a piece stay in cache, and 262,144 elsewhere by default. An observation that evaluates several points for a place takes so many fewer.</param>
    /// <param name="mask">Which entries of the tensors that move live: <see cref="WithMoved(ParameterSet, IReadOnlyList{Tensor})"/> and <see cref="Assembly"/> put 0 for the others, whose gradients so are 0. All by default; the caller keeps it.</param>
    /// <exception cref="ArgumentException">A ridge is given, and the target is linear in none of its parameters or the loss is no least-squares problem in them.</exception>
    public LossFunction(ITargetFunction target, Loss? loss = null, double? ridge = null, int? samplesPerPiece = null, ParameterMask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (samplesPerPiece is { } piece)
            ArgumentOutOfRangeException.ThrowIfLessThan(piece, 1, nameof(samplesPerPiece));
        Target = target;
        Loss = loss ?? Loss.MeanSquaredError;
        if (mask is not null && !mask.Layout.IsCompatibleWith(target.Layout))
            throw new ArgumentException($"The mask is one of {mask.Layout}; the target has {target.Layout}.", nameof(mask));
        _mask = mask;
        _samplesPerPiece = samplesPerPiece;
        if (ridge is { } r)
        {
            if (!(r >= 0 && double.IsFinite(r)))
                throw new ArgumentOutOfRangeException(nameof(ridge), r, "The ridge is a finite number of at least 0.");
            _linear = new LinearPart(target, r);
            if (!Loss.IsLeastSquares || Loss.Terms.Count > 0)
                throw new ArgumentException("SolveLinearPart solves least squares of the function's values: leave it off with another error, another observation or further terms.", nameof(loss));
        }

        _moves = [.. target.Layout.Select(s => s.IsTrainable && !Solved.Contains(s.Name))];
    }

    /// <summary>The architecture.</summary>
    public ITargetFunction Target { get; }

    /// <summary>What is computed.</summary>
    public Loss Loss { get; }

    /// <summary>The names of the parameters that are solved at each evaluation; empty without a ridge.</summary>
    public IReadOnlyList<string> Solved => _linear?.Names ?? [];

    /// <summary>The tensors of θ that an optimizer moves: those that are trainable and not solved, in the order of the layout. The set keeps them.</summary>
    public Tensor[] Moved(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return [.. parameters.Tensors.Where((_, i) => _moves[i])];
    }

    /// <summary>θ with other tensors in the places of <see cref="Moved"/>; the rest is shared without a copy.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="moved">One tensor for each of <see cref="Moved"/>, in its order; the new set owns them.</param>
    public ParameterSet WithMoved(ParameterSet parameters, IReadOnlyList<Tensor> moved)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(moved);
        return WithMoved(parameters, moved, 0, parameters.BatchSize ?? 1);
    }

    /// <summary>θ with its linear part solved on samples, in pieces where no graph is recorded; θ itself without a ridge.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="context">The samples to solve for.</param>
    /// <returns>Differentiable where gradients are recorded. It shares the other tensors with θ.</returns>
    public ParameterSet Solve(ParameterSet parameters, LossSamples context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require(context, nameof(context));
        return _linear is null ? parameters : _linear.Solve(parameters, context, PieceLength(context));
    }

    /// <summary>The loss in one pass, with a graph: exact to the second order, the solve of the linear part included.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="query">The samples to judge on.</param>
    /// <param name="context">The samples to solve the linear part on; the query by default.</param>
    /// <param name="noise">The random stream of the step, on the CPU; exact observations by default.</param>
    /// <returns>A scalar, or shape [B]; differentiable in θ.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the target.</exception>
    public Tensor Of(ParameterSet parameters, LossSamples query, LossSamples? context = null, Generator? noise = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require(query, nameof(query));
        using var scope = NewDisposeScope();
        var solved = Solve(parameters, context ?? query);
        var error = ErrorOf(solved, query, noise);
        return (Loss.Terms.Count == 0 ? error : error + TermsOf(solved, noise)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss in pieces, without a graph; observations are exact and terms draw the same each time.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="query">The samples to judge on.</param>
    /// <param name="context">The samples to solve the linear part on; the query by default.</param>
    /// <param name="cancellationToken">Ends it between two pieces.</param>
    /// <returns>A scalar, or shape [B], float64; NaN where the linear part cannot be solved because θ is not finite.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the target.</exception>
    /// <exception cref="OperationCanceledException">The caller ended it.</exception>
    public Tensor ValueOf(ParameterSet parameters, LossSamples query, LossSamples? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require(query, nameof(query));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var solved = _linear is null ? parameters : _linear.TrySolve(parameters, context ?? query, PieceLength(context ?? query));
        if (solved is null)
            return full(query.BatchSize is { } b ? [b] : [], double.NaN, float64, query.Values.device).MoveToOuterDisposeScope();
        var sums = new List<Tensor>();
        foreach (var (first, count) in SignalPieces(query, query))
        {
            using var inner = NewDisposeScope();
            var theta = Functions(solved, first, count);
            var samples = query.Signals(first, count);
            Tensor? sum = null;
            foreach (var (start, length) in SamplePieces(samples))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var piece = NewDisposeScope();
                var share = ShareOf(theta, samples, start, length, null).to(float64);
                sum = (sum is null ? share : sum + share).MoveToOuterDisposeScope();
            }

            if (Loss.Terms.Count > 0)
                sum = sum! + TermsOf(theta, null);
            sums.Add(sum!.MoveToOuterDisposeScope());
        }

        return (sums.Count == 1 ? sums[0] : cat(sums)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss in pieces and its gradient in the tensors that an optimizer moves (<see cref="Moved"/>); nothing leaves a graph.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="query">The samples to judge on.</param>
    /// <param name="context">The samples to solve the linear part on; the query by default.</param>
    /// <param name="noise">The random stream of the step, on the CPU; exact observations by default.</param>
    /// <returns>Losses, and gradients in the order of <see cref="Moved"/>; the caller's dispose scope owns them.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the target.</exception>
    public LossGradient Differentiate(ParameterSet parameters, LossSamples query, LossSamples? context = null, Generator? noise = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Differentiate(Moved(parameters), Assembly(parameters), query, context, noise);
    }

    /// <summary>The loss in pieces and its gradient in tensors that θ is made of; nothing leaves a graph.</summary>
    /// <param name="moved">The tensors; those of B functions have a leading axis B.</param>
    /// <param name="assemble">Makes θ of them; asked once for each piece. <see cref="Assembly"/> puts tensors into the places of a given θ.</param>
    /// <param name="query">The samples to judge on.</param>
    /// <param name="context">The samples to solve the linear part on; the query by default.</param>
    /// <param name="noise">The random stream of the step, on the CPU; exact observations by default.</param>
    /// <param name="mean">Whether the gradient is that of the mean over signals rather than of their sum, in which each signal's part is its own.</param>
    /// <returns>Losses, and one gradient for each tensor; the caller's dispose scope owns them. NaN and zeros where the linear part of one function cannot be solved because θ is not finite.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the target, or the tensors lack the batch axis of the samples.</exception>
    public LossGradient Differentiate(IReadOnlyList<Tensor> moved, ParameterAssembly assemble, LossSamples query, LossSamples? context = null, Generator? noise = null, bool mean = false)
    {
        ArgumentNullException.ThrowIfNull(moved);
        ArgumentNullException.ThrowIfNull(assemble);
        Require(query, nameof(query));
        if (context is not null)
            Require(context, nameof(context));
        long signals = query.BatchSize ?? 1;
        if (moved.FirstOrDefault(t => query.BatchSize is not null && (t.dim() == 0 || t.shape[0] != signals)) is { } shared)
            throw new ArgumentException($"The tensors that a loss of {signals} signals is differentiated in need a leading axis of {signals}; one is {Shapes.Text(shared)}. Expand it first.", nameof(moved));
        using var scope = NewDisposeScope();
        // A line search may ask from inside a no_grad block.
        using var recording = enable_grad();
        LossPiece Piece(long first, long count)
        {
            var leaves = moved.Select(t => (count == signals ? t.detach() : t.detach().narrow(0, first, count)).requires_grad_()).ToArray();
            var seen = query.Signals(first, count);
            var other = context is null || ReferenceEquals(context, query) ? seen : context.Signals(first, count);
            return new LossPiece(this, _linear, leaves, () => assemble(leaves, first, count), seen, other, noise, mean ? signals : 1);
        }

        if (Kernel is not null && _linear is null && Piece(0, signals).TryKernel() is { } whole)
            return whole.MoveToOuterDisposeScope();
        var pieces = new List<LossGradient>();
        foreach (var (first, count) in SignalPieces(query, context ?? query))
        {
            using var inner = NewDisposeScope();
            pieces.Add(Piece(first, count).Differentiate().MoveToOuterDisposeScope());
        }

        return Together(pieces).MoveToOuterDisposeScope();
    }

    /// <summary>Puts tensors into the places of <see cref="Moved"/> of a given θ.</summary>
    public ParameterAssembly Assembly(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return (moved, first, count) => WithMoved(parameters, moved, first, count);
    }

    /// <summary>What is seen of one function at all samples of a signal, in pieces and without a graph; shape [N,c], on the device of θ.</summary>
    internal Tensor Predict(ParameterSet parameters, Signal signal)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var samples = LossSamples.Of(signal);
        Require(samples, nameof(signal));
        var seen = SamplePieces(samples).Select(p => Loss.Observation.Of(Target, parameters, samples.Places(p.Start, p.Length).to(parameters.ScalarType, parameters.Device)));
        return cat([.. seen]).MoveToOuterDisposeScope();
    }

    /// <summary>Who is asked before autograd; null for nobody, or where the loss is not the squared error of values.</summary>
    internal ILossKernel? Kernel => Loss.IsLeastSquares ? Loss.Kernel ?? Target as ILossKernel : null;

    /// <summary>The mean pointwise error in one pass, with a graph; the linear part of θ as it is.</summary>
    internal Tensor ErrorOf(ParameterSet parameters, LossSamples samples, Generator? noise) => ShareOf(parameters, samples, 0, samples.Count, noise);

    /// <summary>What some samples contribute to the mean pointwise error.</summary>
    internal Tensor ShareOf(ParameterSet parameters, LossSamples samples, long start, long length, Generator? noise)
    {
        using var scope = NewDisposeScope();
        return Share(Loss.Observation.Of(Target, parameters, samples.Places(start, length), noise), samples, start, length).MoveToOuterDisposeScope();
    }

    /// <summary>What the predictions of some samples contribute to the mean pointwise error: a scalar, or shape [B].</summary>
    internal Tensor Share(Tensor predicted, LossSamples samples, long start, long length)
    {
        var observed = samples.ValuesOf(start, length);
        if (predicted.dim() < 2 || predicted.shape[^1] != observed.shape[^1] || predicted.shape[^2] != observed.shape[^2])
            throw new ArgumentException($"The values {Shapes.Text(observed)} that were observed do not match the predicted ones {Shapes.Text(predicted)}.", nameof(samples));
        var errors = Loss.Error.Of(predicted, observed);
        if (samples.MaskOf(start, length) is { } mask)
            return Sum(errors * mask.unsqueeze(-1)) / (samples.Mask!.sum(-1) * samples.Channels);
        if (length == samples.Count)
            return errors.dim() == 3 ? errors.mean([1, 2]) : errors.mean();
        using Scalar count = samples.Count * samples.Channels;
        return Sum(errors).div(count);
    }

    /// <summary>The weighted terms: a scalar, or shape [B].</summary>
    internal Tensor TermsOf(ParameterSet parameters, Generator? noise)
    {
        using var scope = NewDisposeScope();
        // A stream of its own each time: what is judged twice is the same number twice.
        using var fixedNoise = noise is null ? RandomStreams.Create(0, RandomStreams.Purpose.Noise, 0) : null;
        Tensor? sum = null;
        foreach (var term in Loss.Terms)
        {
            var value = term.Of(Target, parameters, noise ?? fixedNoise!) * term.Weight;
            sum = sum is null ? value : sum + value;
        }

        return sum!.MoveToOuterDisposeScope();
    }

    /// <summary>The samples of each piece, as (start, length).</summary>
    internal IEnumerable<(long Start, long Length)> SamplePieces(LossSamples samples)
    {
        // Of several signals that go together each is there as a whole.
        long most = Math.Max(1, PieceLength(samples) / (samples.BatchSize ?? 1));
        for (long start = 0; start < samples.Count; start += most)
            yield return (start, Math.Min(most, samples.Count - start));
    }

    private static Tensor Sum(Tensor errors) => errors.dim() == 3 ? errors.sum([1, 2]) : errors.sum();

    private static LossGradient Together(List<LossGradient> pieces)
    {
        if (pieces.Count == 1)
            return pieces[0];
        var losses = cat([.. pieces.Select(p => p.Losses)]);
        var errors = ReferenceEquals(pieces[0].Losses, pieces[0].Errors) ? losses : cat([.. pieces.Select(p => p.Errors)]);
        return new LossGradient(losses, errors, [.. pieces[0].Gradients.Select((_, i) => cat([.. pieces.Select(p => p.Gradients[i])]))]) { Kernel = pieces[0].Kernel };
    }

    // Whole signals of each piece, as (first, count).
    private IEnumerable<(long First, long Count)> SignalPieces(LossSamples query, LossSamples context)
    {
        long signals = query.BatchSize ?? 1;
        long most = Math.Max(1, PieceLength(query) / Math.Max(query.Count, context.Count));
        for (long first = 0; first < signals; first += most)
            yield return (first, Math.Min(most, signals - first));
    }

    private long PieceLength(LossSamples samples)
    {
        long points = _samplesPerPiece ?? (samples.Values.device.type == DeviceType.CPU ? CpuSamplesPerPiece : DeviceSamplesPerPiece);
        return Math.Max(1, points / Loss.Observation.PointsPerPlace);
    }

    private ParameterSet WithMoved(ParameterSet parameters, IReadOnlyList<Tensor> moved, long first, long count)
    {
        int expected = _moves.Count(m => m);
        if (moved.Count != expected)
            throw new ArgumentException($"{expected} tensors of the layout are moved but {moved.Count} were given.", nameof(moved));
        int next = 0;
        bool whole = parameters.BatchSize is null || count == parameters.BatchSize;
        // An alias is a handle of its own, so that either set can be disposed of first.
        return new ParameterSet(parameters.Layout, [.. parameters.Tensors.Select((t, i) => _moves[i] ? Living(i, moved[next++]) : whole ? t.alias() : t.narrow(0, first, count))]);
    }

    private Tensor Living(int place, Tensor moved) => _mask is null ? moved : _mask.Masked(place, moved);

    private static ParameterSet Functions(ParameterSet parameters, long first, long count) =>
        parameters.BatchSize is null || count == parameters.BatchSize ? parameters : parameters.Map((_, t) => t.narrow(0, first, count));

    private void Require(LossSamples samples, string parameter)
    {
        ArgumentNullException.ThrowIfNull(samples, parameter);
        Loss.Observation.Require(Target, samples.PlaceDimension, samples.Channels, "samples have", parameter);
    }
}
