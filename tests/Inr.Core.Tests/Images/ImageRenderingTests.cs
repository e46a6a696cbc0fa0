using System.Text.Json.Nodes;

namespace Inr.Tests;

/// <summary>Named width and height, and the row-first positional form.</summary>
public sealed class ImageRenderingTests
{
    [Fact]
    public void Render_NamedWidthAndHeight_GivesThatPicture()
    {
        using var representation = new ImplicitRepresentation(new Ramp(), new ParameterSet(Ramp.Shape, [ones(1)]), SignalDomain.Grid(4, 4));
        using var named = representation.Render(width: 6, height: 2);
        (named.Width(), named.Height()).Should().Be((6, 2));
        using var positional = representation.Render(2, 6);
        (positional.Width(), positional.Height()).Should().Be((6, 2));
        ((Action)(() => representation.Render(width: 0, height: 2).Dispose())).Should().Throw<ArgumentOutOfRangeException>();
    }

    private sealed class Ramp : ITrainableTarget
    {
        public static ParameterLayout Shape { get; } = new([new ParameterSpec("slope", [1], ParameterRole.Coefficient)]);

        public int InputDimension => 2;

        public int OutputDimension => 1;

        public ParameterLayout Layout => Shape;

        public TargetDescription Description => new("ramp", new JsonObject());

        public ParameterSet Initialize(Generator? generator = null, Device? device = null) => new(Shape, [ones(1)]);

        public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => coordinates.narrow(-1, 1, 1) * parameters[0];
    }
}
