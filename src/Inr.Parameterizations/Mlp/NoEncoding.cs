using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>The coordinates as they are: <see cref="InputEncoding.None"/>.</summary>
public sealed record NoEncoding : InputEncoding
{
    internal const string Kind = "none";

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override int OutputSize(int inputDimension) => inputDimension;

    /// <inheritdoc/>
    public override Tensor Encode(Tensor coordinates, IReadOnlyList<Tensor> parameters) => coordinates;

    /// <inheritdoc/>
    protected override void Write(JsonObject options)
    {
        // There is nothing to choose.
    }
}
