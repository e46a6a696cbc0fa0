namespace Inr.Benchmarks.Fitting;

/// <summary>
/// What a TorchSharp user writes by hand: a list of weights, the forward pass as a loop of linear layers, TorchSharp's own
/// Adam, all samples in every step. The baseline of the fit benchmarks; it does the same arithmetic as the library.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly TorchSharp.Modules.Parameter[] _weights;
    private readonly Func<Tensor, IReadOnlyList<Tensor>, Tensor> _forward;
    private readonly optim.Optimizer _adam;

    public BareLoop(IReadOnlyList<Tensor> initial, Func<Tensor, IReadOnlyList<Tensor>, Tensor> forward, double rate)
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

    public static Tensor Siren(Tensor x, IReadOnlyList<Tensor> w)
    {
        var h = x;
        for (int i = 0; i < w.Count - 2; i += 2)
            h = sin(30 * nn.functional.linear(h, w[i], w[i + 1]));
        return nn.functional.linear(h, w[^2], w[^1]) + 0.5;
    }

    public static Tensor ReluMlp(Tensor x, IReadOnlyList<Tensor> w)
    {
        var frequencies = exp(linspace(0, Math.Log(1024), 64));
        var phase = (x.unsqueeze(-1) * frequencies).flatten(1) * Math.PI;
        var h = cat([phase.cos(), phase.sin()], -1);
        for (int i = 0; i < w.Count - 2; i += 2)
            h = nn.functional.relu(nn.functional.linear(h, w[i], w[i + 1]));
        return nn.functional.linear(h, w[^2], w[^1]) + 0.5;
    }

    public void Dispose()
    {
        _adam.Dispose();
        foreach (var w in _weights)
            w.Dispose();
    }
}
