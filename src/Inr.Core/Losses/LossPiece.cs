namespace Inr.Losses;

/// <summary>Value and gradient of a loss for some whole signals: by a kernel, in one pass of autograd, or some samples at a time.</summary>
internal sealed class LossPiece
{
    private readonly LossFunction _function;
    private readonly LinearPart? _linear;
    private readonly Tensor[] _leaves;
    private readonly Func<ParameterSet> _assemble;
    private readonly LossSamples _query;
    private readonly LossSamples _context;
    private readonly Generator? _noise;
    private readonly long _divisor;

    /// <param name="function">What is computed.</param>
    /// <param name="linear">The part of θ that is solved; null for none.</param>
    /// <param name="leaves">The tensors to differentiate in; they require gradients.</param>
    /// <param name="assemble">Makes θ of them, with a graph.</param>
    /// <param name="query">The samples to judge on.</param>
    /// <param name="context">The samples to solve on; the same object where they are the same.</param>
    /// <param name="noise">The random stream of the step.</param>
    /// <param name="divisor">The gradient is that of the sum of the losses over this.</param>
    public LossPiece(LossFunction function, LinearPart? linear, Tensor[] leaves, Func<ParameterSet> assemble, LossSamples query, LossSamples context, Generator? noise, long divisor)
    {
        _function = function;
        _linear = linear;
        _leaves = leaves;
        _assemble = assemble;
        _query = query;
        _context = context;
        _noise = noise;
        _divisor = divisor;
    }

    /// <summary>Losses and gradients; the caller's scope owns them.</summary>
    public LossGradient Differentiate()
    {
        using var scope = NewDisposeScope();
        return OfTheta(_assemble()).MoveToOuterDisposeScope();
    }

    /// <summary>The same by way of the kernel; null where it declines.</summary>
    public LossGradient? TryKernel()
    {
        using var scope = NewDisposeScope();
        var theta = _assemble();
        if (OfKernel(theta) is not { } result)
            return null;
        if (_function.Loss.Terms.Count == 0)
            return result.MoveToOuterDisposeScope();
        // The graph between the leaves and θ went with the errors, unless they are one.
        var terms = _function.TermsOf(IsMade(theta) ? _assemble() : theta, _noise).expand(result.Errors.shape);
        var gradients = Gradients.Of(Scaled(terms), _leaves);
        return new LossGradient(result.Errors + terms.detach(), result.Errors, [.. gradients.Select((g, i) => result.Gradients[i] + g)]) { Kernel = result.Kernel }.MoveToOuterDisposeScope();
    }

    private LossGradient OfTheta(ParameterSet theta)
    {
        var pieces = _function.SamplePieces(_query).ToArray();
        if (_linear is null)
            return pieces.Length == 1 ? OfGraph(_function.ErrorOf(theta, _query, _noise), theta) : OfPieces(theta, pieces);
        bool same = ReferenceEquals(_query, _context);
        // Of a target without features, one function is fitted with W held, too: to differentiate its solve costs as much again.
        bool exact = pieces.Length == 1 && (_linear.HasFeatures || _query.BatchSize is not null);
        if (!same || exact)
            return OfSolved(theta, same);
        // At the minimum over the linear part W, the derivative of the penalized error in W is zero, so that the gradient in
        // the rest is that with W held where it is: nothing has to differentiate the solve. The error without its penalty
        // also depends on how W moves, to the order of the ridge; in one pass that part is included.
        if (_linear.TrySolve(theta, _context, pieces[0].Length) is not { } solved)
            return Lost();
        var best = _linear.WithSolved(theta, solved);
        return OfKernel(best) ?? OfPieces(best, pieces);
    }

    private LossGradient OfSolved(ParameterSet theta, bool same)
    {
        if (!same)
            return OfGraph(_function.ErrorOf(_function.Solve(theta, _context), _query, _noise), theta);
        // One function that is lost ends its fit; a batch goes on without a look, which would wait for the device.
        var predicted = _linear!.Predict(theta, _query, checks: _query.BatchSize is null);
        return predicted is null ? Lost() : OfGraph(_function.Share(predicted, _query, 0, _query.Count), theta);
    }

    private LossGradient OfGraph(Tensor errors, ParameterSet theta)
    {
        var losses = WithTerms(errors, theta);
        var gradients = Gradients.Of(Scaled(losses), _leaves);
        var values = losses.detach();
        return new LossGradient(values, ReferenceEquals(losses, errors) ? values : errors.detach(), gradients);
    }

    private Tensor WithTerms(Tensor errors, ParameterSet theta) =>
        _function.Loss.Terms.Count == 0 ? errors : errors + _function.TermsOf(theta, _noise);

    // The gradient in the tensors of θ adds up over the pieces; where they are made of the leaves, it is pulled back once.
    private LossGradient OfPieces(ParameterSet theta, (long Start, long Length)[] pieces)
    {
        bool made = IsMade(theta);
        var at = made ? theta.Map((_, t) => t.detach().requires_grad_(t.requires_grad)) : theta;
        Tensor[] inputs = made ? WithGraph(at) : _leaves;
        Tensor? errors = null;
        Tensor? losses = null;
        Tensor[]? sums = null;
        for (int p = 0; p < pieces.Length; p++)
        {
            _query.Cancellation.ThrowIfCancellationRequested();
            using var piece = NewDisposeScope();
            var share = _function.ShareOf(at, _query, pieces[p].Start, pieces[p].Length, _noise);
            // The terms come once, with the last piece.
            var part = p + 1 < pieces.Length ? share : WithTerms(share, at);
            var gradients = Gradients.Of(Scaled(part), inputs);
            if (sums is null)
            {
                sums = [.. gradients.Select(g => g.MoveToOuterDisposeScope())];
                errors = share.detach().MoveToOuterDisposeScope();
                continue;
            }

            for (int i = 0; i < sums.Length; i++)
                sums[i].add_(gradients[i]);
            if (!ReferenceEquals(part, share))
                losses = (errors! + part.detach()).MoveToOuterDisposeScope();
            errors!.add_(share.detach());
        }

        return new LossGradient(losses ?? errors!, errors!, made ? Gradients.Pull(WithGraph(theta), sums!, _leaves) : sums!);
    }

    private LossGradient? OfKernel(ParameterSet theta)
    {
        if (_function.Kernel is not { } kernel)
            return null;
        int[] wanted = [.. Enumerable.Range(0, theta.Layout.Count).Where(i => theta[i].requires_grad)];
        Tensor errors;
        Tensor[] gradients;
        using (no_grad())
        {
            if (kernel.TryDifferentiate(_function.Target, theta, wanted, _query) is not { } found)
                return null;
            (var sums, gradients) = found;
            int rank = theta.BatchSize is null && _query.BatchSize is null ? 0 : 1;
            if (gradients.Length != wanted.Length || sums.dim() != rank)
                throw new InvalidOperationException($"The kernel gave {gradients.Length} gradients and sums of the shape {Shapes.Text(sums)}; {wanted.Length} gradients and {(rank == 0 ? "one number" : "one number a function")} were asked for.");
            // What turns a sum into the mean over the samples that count.
            var count = _query.Mask is { } mask ? mask.sum(-1) * _query.Channels : full([], _query.Count * _query.Channels, sums.dtype, sums.device);
            errors = sums / count;
            var scale = _divisor == 1 ? count : count * _divisor;
            for (int i = 0; i < gradients.Length; i++)
                gradients[i] = gradients[i] / (scale.dim() == 0 ? scale : scale.reshape([-1, .. Enumerable.Repeat(1L, (int)gradients[i].dim() - 1)]));
        }

        return new LossGradient(errors, errors, IsMade(theta) ? Gradients.Pull(WithGraph(theta), gradients, _leaves) : InPlaces(theta, wanted, gradients)) { Kernel = kernel.Name };
    }

    // The gradients in the tensors of θ in the order of the leaves, which are among them.
    private Tensor[] InPlaces(ParameterSet theta, int[] wanted, Tensor[] gradients) =>
        [.. _leaves.Select(leaf => Array.FindIndex(wanted, i => ReferenceEquals(theta[i], leaf)) is >= 0 and var place ? gradients[place] : zeros_like(leaf))];

    private static Tensor[] WithGraph(ParameterSet theta) => [.. theta.Tensors.Where(t => t.requires_grad)];

    // Whether θ is computed from the leaves, rather than holding them.
    private bool IsMade(ParameterSet theta) => theta.Tensors.Any(t => t.requires_grad && !_leaves.Any(l => ReferenceEquals(l, t)));

    private Tensor Scaled(Tensor losses)
    {
        var sum = losses.dim() == 0 ? losses : losses.sum();
        return _divisor == 1 ? sum : sum / _divisor;
    }

    // What a diverged step reports.
    private LossGradient Lost()
    {
        var loss = full(_query.BatchSize is { } b ? [b] : [], double.NaN, _query.Values.dtype, _query.Values.device);
        return new LossGradient(loss, loss, [.. _leaves.Select(t => zeros_like(t))]);
    }
}
