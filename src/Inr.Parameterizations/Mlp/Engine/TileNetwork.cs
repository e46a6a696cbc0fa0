using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.Engine;

/// <summary>A network for one tile of points at a time: values, or squared errors with their gradient, in one pass while everything is in cache.</summary>
/// <remarks>It holds no numbers: packed weights, gradients and scratch memory come with every call, so that threads share it.</remarks>
internal abstract unsafe class TileNetwork
{
    /// <summary>Floats of scratch memory that a thread needs for <see cref="Differentiate"/>; enough for <see cref="Evaluate"/>.</summary>
    public abstract nint ScratchFloats { get; }

    /// <summary>What people call the vectors.</summary>
    public abstract string Lanes { get; }

    /// <summary>The network on the widest vectors that the processor has.</summary>
    public static TileNetwork Of(NetworkPlan plan) =>
        Vector512.IsHardwareAccelerated ? new TileNetwork<Lanes512, Vector512<float>>(plan)
        : Vector256.IsHardwareAccelerated ? new TileNetwork<Lanes256, Vector256<float>>(plan)
        : new TileNetwork<Lanes128, Vector128<float>>(plan);

    /// <summary>The values at some points.</summary>
    /// <param name="weights">Packed by <see cref="WeightPacking"/>.</param>
    /// <param name="points">Where they come from.</param>
    /// <param name="start">The first point.</param>
    /// <param name="count">Their number, up to that of a tile.</param>
    /// <param name="values">Shape [count][channels].</param>
    /// <param name="scratch">Memory of the thread.</param>
    public abstract void Evaluate(float* weights, in PointSource points, long start, int count, float* values, float* scratch);

    /// <summary>Σ mask·(f − y)² over some points, and its gradient added to one.</summary>
    /// <param name="weights">Packed by <see cref="WeightPacking"/>.</param>
    /// <param name="points">Where they come from.</param>
    /// <param name="start">The first point.</param>
    /// <param name="count">Their number, up to that of a tile.</param>
    /// <param name="observed">The values y of the first point and those after it, shape [count][channels].</param>
    /// <param name="mask">One number a point; null for 1.</param>
    /// <param name="gradient">As the plan lays it out.</param>
    /// <param name="fresh">Whether the gradient begins here: what is there does not count.</param>
    /// <param name="scratch">Memory of the thread.</param>
    public abstract double Differentiate(float* weights, in PointSource points, long start, int count, float* observed, float* mask, float* gradient, bool fresh, float* scratch);

    /// <summary>Adds up the shards of a gradient, of one layer and 32 of its inputs, in their order, and writes them as tensors hold them.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="panel">The panel of inputs; the first one brings the bias, and all inputs of a narrow layer.</param>
    /// <param name="shards">The first gradient; it is changed.</param>
    /// <param name="count">The number of shards.</param>
    /// <param name="stride">Floats from one shard to the next.</param>
    /// <param name="weight">Shape [outputs][columns].</param>
    /// <param name="bias">Shape [outputs].</param>
    public abstract void Gather(int layer, int panel, float* shards, int count, nint stride, float* weight, float* bias);
}
