using Inr.Files;
using Inr.Parameterizations;

namespace Inr.Meta.Tests.Gradient;

/// <summary>Numbers of PyTorch's autograd in double: a SIREN 2-16-16-1, three tasks, three inner steps.</summary>
public sealed class MetaFixture : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> _arrays;
    private readonly ScalarType _dtype;

    public MetaFixture(string name, ScalarType dtype)
    {
        _arrays = Npz.Load(Path.Combine(AppContext.BaseDirectory, "fixtures", name));
        _dtype = dtype;
        Target = new Siren(2, 1, new SirenOptions { Width = 16, HiddenLayers = 1, OutputOffset = 0.5 });
        Initial = Set("param");
        Batch = new MetaBatch(
            new SignalBatch(Read("context_coordinates"), Read("context_values")),
            new SignalBatch(Read("query_coordinates"), Read("query_values")));
    }

    public Siren Target { get; }

    public ParameterSet Initial { get; }

    public MetaBatch Batch { get; }

    /// <summary>float64 agrees to 1e-8; a float32 unroll of three sine networks to 1e-3.</summary>
    public double Tolerance => _dtype == ScalarType.Float64 ? 1e-8 : 1e-3;

    public Tensor Read(string name) => _arrays[name].to(_dtype, copy: true);

    public double Scalar(string name) => _arrays[name].item<double>();

    public ParameterSet Set(string prefix) =>
        new ParameterSet(Target.Layout, [.. Target.Layout.Select(s => Read($"{prefix}.{s.Name}"))]).DetachFromDisposeScope();

    public Tensor Flat(string prefix)
    {
        using var set = Set(prefix);
        return set.Flatten();
    }

    public void Dispose()
    {
        Batch.Dispose();
        Initial.Dispose();
        foreach (var t in _arrays.Values)
            t.Dispose();
    }
}
