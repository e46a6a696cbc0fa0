using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The expansion <c>Σ_k 𝟙_k(θ,x)·f_k(θ,x)</c> on a fitted partition of any family: a power diagram, level sets, a grid of cut cells.</summary>
/// <remarks>
/// <para>
/// The indicators are hard. <c>f_k</c> is a prefix of tensor cosines on the box of the set: the tight box of the samples of
/// the fitted grid that lie in it, which a reader finds from the indicators, so it stores nothing. The terms of a set
/// interleave the channels by one of the fixed profiles of the dyadic expansion; colours are rotated as there.
/// </para>
/// <para>
/// θ holds the indicators of the family, a level a channel, a profile and a prefix length a set, and the coefficients:
/// every stored number. <see cref="PiecewiseFourierFitter"/> makes it where <see cref="PiecewiseFourierOptions.Partition"/>
/// asks for another family than the dyadic tree, whose own target is <see cref="PiecewiseFourierTarget"/>.
/// </para>
/// </remarks>
public sealed class PartitionFourierTarget : IExpansion
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "partition-fourier";

    private const string Profiles = "profiles";

    private readonly PartitionShape _shape;

    internal PartitionFourierTarget(PartitionShape shape)
    {
        _shape = shape;
        Partition = shape.Family();
        // Hard indicators have no gradient almost everywhere.
        Layout = new ParameterLayout(
        [
            .. Partition.Parameters.Select(p => new ParameterSpec(p.Name, p.Shape, p.Role, isTrainable: false)),
            new ParameterSpec(PiecewiseParameters.Level, [shape.Channels], ParameterRole.Coefficient),
            new ParameterSpec(Profiles, [Partition.RegionCount], ParameterRole.Structure, isTrainable: false),
            new ParameterSpec(PiecewiseParameters.Prefixes, [Partition.RegionCount], ParameterRole.Structure, isTrainable: false),
            new ParameterSpec(PiecewiseParameters.Coefficients, [shape.Coefficients], ParameterRole.Coefficient),
        ]);
    }

    /// <inheritdoc/>
    public int InputDimension => _shape.Grid.Length;

    /// <inheritdoc/>
    public int OutputDimension => _shape.Channels;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>The family of the sets; its tensors are the first ones of θ.</summary>
    public IPartitionFamily Partition { get; }

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, _shape.ToJson());

    internal static PartitionFourierTarget FromOptions(System.Text.Json.Nodes.JsonObject options) => new(PartitionShape.FromJson(options));

    /// <inheritdoc/>
    /// <remarks>
    /// θ is read on every call, and with it all samples of the fitted grid are located to find the boxes of the sets:
    /// <see cref="Bind"/> does so once.
    /// </remarks>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => ExpansionEvaluation.Evaluate(this, parameters, coordinates);

    /// <inheritdoc/>
    public BoundFunction Bind(ParameterSet parameters) => new BoundExpansion(this, parameters);

    /// <summary>The set that each point belongs to.</summary>
    /// <param name="parameters">θ without a batch axis; read on every call.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shape [N], int64.</returns>
    /// <exception cref="ArgumentException">θ or a shape does not fit.</exception>
    public Tensor LocateRegions(ParameterSet parameters, Tensor coordinates) => ExpansionEvaluation.LocateRegions(this, parameters, coordinates);

    PiecewiseStructure IExpansion.Structure(ParameterSet parameters) => PartitionStructure.Build(
        _shape,
        Partition,
        [.. Partition.Parameters.Select(p => TensorNumbers.Of(parameters[p.Name]))],
        TensorNumbers.Of(parameters[Profiles]),
        TensorNumbers.Of(parameters[PiecewiseParameters.Prefixes]));
}
