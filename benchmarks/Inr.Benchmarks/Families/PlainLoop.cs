namespace Inr.Benchmarks.Families;

/// <summary>What a TorchSharp user writes by hand to fit: a list of weights, TorchSharp's own Adam, all samples in every step.</summary>
internal sealed class PlainLoop : IDisposable
{
    private readonly TorchSharp.Modules.Parameter[] _weights;
    private readonly Func<Tensor, IReadOnlyList<Tensor>, Tensor> _forward;
    private readonly optim.Optimizer _adam;

    public PlainLoop(IReadOnlyList<Tensor> initial, Func<Tensor, IReadOnlyList<Tensor>, Tensor> forward, double rate)
    {
        _weights = [.. initial.Select(t => new TorchSharp.Modules.Parameter(t.detach().clone()))];
        _forward = forward;
        _adam = optim.Adam(_weights, rate);
    }

    public double Run(Tensor x, Tensor y, int steps)
    {
        double last = 0;
        for (int i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _adam.zero_grad();
            var loss = nn.functional.mse_loss(_forward(x, _weights), y);
            loss.backward();
            _adam.step();
            last = loss.item<float>();
        }

        return last;
    }

    public void Dispose()
    {
        _adam.Dispose();
        foreach (var w in _weights)
            w.Dispose();
    }
}
