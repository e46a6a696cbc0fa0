using System.Text.Json.Nodes;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The piecewise-indicator Fourier expansion <c>f_θ(x) = Σ_k 𝟙_k(θ,x)·f_k(θ,x)</c> on a dyadic partition with cuts.</summary>
/// <remarks>
/// <para>
/// The sets are boxes of dyadic trees over the sampled grid, each perhaps cut in two, straight or along an arc; <c>f_k</c> is a sum
/// of tensor cosines <c>Π_a cos(π u_a t_a)</c>, u ∈ Z_+^d, in the box's own coordinates t ∈ [0,1]^d. Which cosines a region
/// sums is a prefix of an order from a fixed dictionary, plus single terms by index. Colours are rotated by a fixed
/// orthonormal matrix that stores nothing.
/// </para>
/// <para>
/// θ holds the structure (tree codes, prefix lengths, indices: one float each), the cuts (angles and offset, and a curvature
/// where a cut is curved) and the coefficients, so that <see cref="ParameterLayout.FloatCount"/> leaves nothing out. The structure differs from signal
/// to signal: <see cref="PiecewiseFourierFitter"/> makes it. A hard cut has no gradient almost everywhere; with an
/// indicator width the two regions blend by σ(distance/width) and the cuts are differentiable.
/// </para>
/// </remarks>
public sealed class PiecewiseFourierTarget : IReportsFlops, IExpansion
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "piecewise-fourier";

    private readonly PiecewiseShape _shape;

    internal PiecewiseFourierTarget(PiecewiseShape shape)
    {
        _shape = shape;
        Layout = PiecewiseParameters.Layout(shape);
    }

    /// <inheritdoc/>
    public int InputDimension => _shape.Grid.Length;

    /// <inheritdoc/>
    public int OutputDimension => _shape.Channels;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, _shape.ToJson());

    internal PiecewiseShape Shape => _shape;

    internal static PiecewiseFourierTarget FromOptions(JsonObject options) => new(PiecewiseShape.FromJson(options));

    /// <inheritdoc/>
    /// <remarks>
    /// Without gradients on the CPU this is a direct evaluation of a few dozen terms a point; else differentiable tensor
    /// operations. θ is parsed on every call: <see cref="Bind"/> does so once.
    /// </remarks>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => ExpansionEvaluation.Evaluate(this, parameters, coordinates);

    /// <inheritdoc/>
    public BoundFunction Bind(ParameterSet parameters) => new BoundExpansion(this, parameters);

    /// <summary>The set that each point belongs to: the learned partition itself.</summary>
    /// <param name="parameters">θ without a batch axis; parsed on every call.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shape [N], int64: the number of the region, in the order in which θ stores them.</returns>
    /// <exception cref="ArgumentException">θ or a shape does not fit.</exception>
    public Tensor LocateRegions(ParameterSet parameters, Tensor coordinates) => ExpansionEvaluation.LocateRegions(this, parameters, coordinates);

    /// <summary>The partition of one θ behind the interface that all families share: point location, float count, soft form.</summary>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <returns>The tree, fixed, with the cuts of θ as what <see cref="IPartitionFamily.Initialize"/> gives.</returns>
    /// <exception cref="ArgumentException">θ is not one of this function, or has a batch axis.</exception>
    public DyadicTreePartition PartitionOf(ParameterSet parameters) => new(
        ((IExpansion)this).Structure(parameters),
        TensorNumbers.Of(parameters, PiecewiseParameters.Cuts),
        TensorNumbers.Of(parameters, PiecewiseParameters.Curvatures));

    /// <inheritdoc/>
    /// <remarks>The mean over the domain: a region's terms, each a product of cosines, a coefficient and a sum, and the side of its cut.</remarks>
    public double FlopsPerSample(ParameterSet parameters) => ((IExpansion)this).Structure(parameters).FlopsPerSample();

    PiecewiseStructure IExpansion.Structure(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Layout.IsCompatibleWith(Layout) || parameters.BatchSize is not null)
            throw new ArgumentException($"The parameters ({parameters.Layout}) are not one θ of this function ({Layout}).", nameof(parameters));
        return PiecewiseStructure.Parse(
            _shape,
            TensorNumbers.Of(parameters, PiecewiseParameters.Nodes),
            TensorNumbers.Of(parameters, PiecewiseParameters.Prefixes),
            TensorNumbers.Of(parameters, PiecewiseParameters.ExtraCounts),
            TensorNumbers.Of(parameters, PiecewiseParameters.Extras));
    }
}
