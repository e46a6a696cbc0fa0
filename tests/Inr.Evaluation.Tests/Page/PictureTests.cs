using static TorchSharp.torch;

namespace Inr.Evaluation.Tests.Page;

public sealed class PictureTests
{
    [Theory]
    [InlineData(new[] { 0.25f }, new[] { 0.25f, 0.25f, 0.25f })]
    [InlineData(new[] { 0.2f, 0.5f }, new[] { 0.6f, 0.6f, 0.6f })]
    [InlineData(new[] { 0.25f, 0.5f, 1 }, new[] { 0.25f, 0.5f, 1 })]
    [InlineData(new[] { 1, 0, 0, 0.5f }, new[] { 1, 0.5f, 0.5f })]
    [InlineData(new[] { 1f, 0, 0, 0 }, new[] { 1f, 1, 1 })]
    public void Of_AnyChannels_IsSeenOverWhite(float[] pixel, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var image = Signal.FromGrid(pixel, [1, 1], pixel.Length);

        Picture.Of(image).data<float>().ToArray().Should().Equal(expected);
    }
}
