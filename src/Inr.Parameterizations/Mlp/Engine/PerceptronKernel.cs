using System.Collections.Concurrent;
using Inr.Losses;

namespace Inr.Parameterizations.Engine;

/// <summary>The engine for one network: takes tensors, and declines what it does not know.</summary>
internal sealed unsafe class PerceptronKernel
{
    // A signal whose coordinates are made when they are asked for gives so many at a time.
    private const long PointsAtOnce = 1 << 18;

    private readonly NetworkPlan _plan;
    private readonly TileNetwork _network;
    private readonly float[] _frequencies;
    private readonly ConcurrentBag<EngineWork> _idle = [];

    private PerceptronKernel(NetworkPlan plan, TileNetwork network)
    {
        _plan = plan;
        _network = network;
        _frequencies = plan.Network.Encoding is PositionalEncoding positional ? positional.Frequencies() : [];
    }

    /// <summary>The engine for a network; null where it has an encoding or an activation that there is no kernel of.</summary>
    public static PerceptronKernel? Of(PerceptronDescription network) => NetworkPlan.Of(network) is { } plan ? new PerceptronKernel(plan, TileNetwork.Of(plan)) : null;

    /// <summary>The engine on given vectors, for tests.</summary>
    public static PerceptronKernel On<TLanes, TVector>(PerceptronDescription network)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var plan = NetworkPlan.Of(network) ?? throw new ArgumentException("There is no kernel of this network.", nameof(network));
        return new PerceptronKernel(plan, new TileNetwork<TLanes, TVector>(plan));
    }

    /// <summary>Whether tensors are of the kind that it computes with.</summary>
    public static bool Takes(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>The values of one function or of B, at the same points or each at its own; without a graph.</summary>
    /// <param name="parameters">θ, on the CPU and in float32.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d], on the CPU and in float32.</param>
    /// <returns>Shape [N,c] or [B,N,c].</returns>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        bool batched = coordinates.dim() == 3;
        long count = coordinates.shape[^2];
        long? functions = parameters.BatchSize ?? (batched ? coordinates.shape[0] : null);
        var values = empty(functions is { } b ? [b, count, _plan.Channels] : [count, _plan.Channels], ScalarType.Float32, CPU);
        if (values.numel() == 0)
            return values.MoveToOuterDisposeScope();
        float* x = TensorAddress.Of(coordinates.contiguous());
        float* y = TensorAddress.Of(values);
        var work = Rent();
        var kept = Read(work, parameters);
        if (parameters.BatchSize is > 1)
            work.Evaluate(functions!.Value, x, batched, count, y, TorchRuntime.Threads);
        else
            // One function at all points, however they are arranged.
            work.Evaluate(work.Pack(), new PointSource(x, _plan.Coordinates), count * (functions ?? 1), y, TorchRuntime.Threads);
        GC.KeepAlive(kept);
        _idle.Add(work);
        return values.MoveToOuterDisposeScope();
    }

    /// <summary>The packed weights of one function.</summary>
    public AlignedMemory Pack(ParameterSet parameters)
    {
        using var scope = NewDisposeScope();
        var work = Rent();
        var kept = Read(work, parameters);
        var packed = new AlignedMemory();
        WeightPacking.Pack(_plan, work.Tensors, 0, _frequencies, packed.AtLeast(_plan.WeightFloats));
        GC.KeepAlive(kept);
        _idle.Add(work);
        return packed;
    }

    /// <summary>The values of a packed function.</summary>
    /// <param name="packed">What <see cref="Pack"/> gave.</param>
    /// <param name="points">Where the points come from.</param>
    /// <param name="count">Their number, at least 1.</param>
    /// <returns>Shape [N,c].</returns>
    public Tensor Evaluate(AlignedMemory packed, in PointSource points, long count)
    {
        var values = empty([count, _plan.Channels], ScalarType.Float32, CPU);
        var work = Rent();
        work.Evaluate(packed.AtLeast(0), points, count, TensorAddress.Of(values), TorchRuntime.Threads);
        GC.KeepAlive(packed);
        _idle.Add(work);
        return values;
    }

    /// <summary>What <see cref="ILossKernel.TryDifferentiate"/> says.</summary>
    public (Tensor Sums, Tensor[] Gradients)? TryDifferentiate(ParameterSet parameters, IReadOnlyList<int> wanted, LossSamples samples)
    {
        if (parameters.BatchSize != samples.BatchSize || wanted.Any(i => i < _plan.FrequencyTensors)
            || !parameters.Tensors.All(Takes) || !Takes(samples.Values) || samples.Mask is { } m && !Takes(m))
            return null;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var work = Rent();
        var kept = Read(work, parameters);
        work.Cancellation = samples.Cancellation;
        var gradients = new Tensor[_plan.Layers.Length * 2];
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = empty_like(kept[_plan.FrequencyTensors + i]);
            work.Results[i] = (nint)TensorAddress.Of(gradients[i]);
        }

        Tensor? sums;
        using (var values = samples.Values.contiguous())
        using (var mask = samples.Mask?.contiguous())
        {
            sums = parameters.BatchSize is { } b
                ? OfFunctions(work, b, samples, values, mask)
                : OfOne(work, samples, values, mask);
        }

        GC.KeepAlive(kept);
        work.Cancellation = default;
        _idle.Add(work);
        if (sums is null)
            return null;
        Tensor[] chosen = [.. wanted.Select(i => gradients[i - _plan.FrequencyTensors].MoveToOuterDisposeScope())];
        return (sums.MoveToOuterDisposeScope(), chosen);
    }

    private Tensor? OfOne(EngineWork work, LossSamples samples, Tensor values, Tensor? mask)
    {
        float* packed = work.Pack();
        float* y = TensorAddress.Of(values);
        float* m = mask is null ? null : TensorAddress.Of(mask);
        int threads = TorchRuntime.Threads;
        int shards = work.Shards(Math.Min(samples.Count, PointsAtOnce));
        double sum = 0;
        for (long start = 0; start < samples.Count; start += PointsAtOnce)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(PointsAtOnce, samples.Count - start);
            var places = samples.Places(start, length);
            if (!Takes(places))
                return null;
            sum += work.Differentiate(packed, TensorAddress.Of(places.contiguous()), length, y + start * _plan.Channels, m is null ? null : m + start, shards, start == 0, threads);
        }

        work.Gather(shards, threads);
        return full([], sum, ScalarType.Float32, CPU);
    }

    private Tensor? OfFunctions(EngineWork work, long functions, LossSamples samples, Tensor values, Tensor? mask)
    {
        var places = samples.AllPlaces;
        if (!Takes(places))
            return null;
        using var own = places.contiguous();
        var found = work.Differentiate(functions, TensorAddress.Of(own), places.dim() == 3, samples.Count, TensorAddress.Of(values), mask is null ? null : TensorAddress.Of(mask), TorchRuntime.Threads);
        var sums = empty([functions], ScalarType.Float32, CPU);
        float* destination = TensorAddress.Of(sums);
        for (int b = 0; b < found.Length; b++)
            destination[b] = (float)found[b];
        return sums;
    }

    // The tensors must live as long as their addresses are used; the caller's scope owns copies.
    private static Tensor[] Read(EngineWork work, ParameterSet parameters)
    {
        var kept = new Tensor[parameters.Layout.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = parameters[i].contiguous();
            work.Tensors[i] = (nint)TensorAddress.Of(kept[i]);
        }

        return kept;
    }

    private EngineWork Rent() => _idle.TryTake(out var work) ? work : new EngineWork(_plan, _network, _frequencies);
}
