using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>The mask of empty space among θ of a radiance field, against cells that are counted one by one.</summary>
public sealed class SpaceMaskTests
{
    private const int Cells = 5;
    private static readonly double HalfWidth = SceneSpace.Standard.HalfWidth * SceneSpace.Standard.Scale;

    [Fact]
    public void Evaluate_InCellsThatTheMaskLeavesOut_HasNoDensity_AndTheColorAsBefore()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var plain = new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4 });
        var masked = new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4, MaskResolution = Cells });
        var theta = plain.Initialize(generator);
        var kept = rand([Cells * Cells * Cells], generator: generator).lt(0.5).data<bool>().ToArray();
        var all = WithMask(masked, theta, Pack(kept));
        var points = (rand([400, 3], generator: generator) * 2 - 1) * HalfWidth;
        var expected = plain.Evaluate(theta, points);
        var found = masked.Evaluate(all, points);
        Close.ShouldBeSame(found.narrow(1, 0, 3), expected.narrow(1, 0, 3));
        float[] p = points.flatten().data<float>().ToArray(), d = found.select(1, 3).contiguous().data<float>().ToArray(), e = expected.select(1, 3).contiguous().data<float>().ToArray();
        for (int i = 0; i < d.Length; i++)
        {
            int Cell(int axis) => (int)Math.Floor((p[3 * i + axis] + HalfWidth) / (2 * HalfWidth) * Cells);
            d[i].Should().Be(kept[(Cell(0) * Cells + Cell(1)) * Cells + Cell(2)] ? e[i] : 0);
        }
    }

    [Fact]
    public void Fit_OfABallWithSilhouettes_KeepsAMask_AndItsFileRendersWhatWasJudged()
    {
        using var folder = new SceneFolder(8, transparent: true);
        using var scene = NerfScene.Load(folder.Path);
        var options = new NerfFitOptions { Steps = 60, PointsPerStep = 4096, LearningRate = 1e-2, PointsPerRay = 24, GridResolution = 32, GridFrom = 30, GridEvery = 10, MaskResolution = 16 };
        using var result = new NerfSceneFitter(new NerfMlp(new NerfMlpOptions { Width = 24, Depth = 3, EncodingSize = 6 }), options).Fit(scene, scene);
        result.Representation.Target.Layout[^1].Count.Should().Be((16 * 16 * 16 + 23) / 24);
        string file = Path.Combine(folder.Path, "ball.inr");
        result.Representation.Save(file);
        using var loaded = ImplicitRepresentation.Load(file);
        int view = 0;
        foreach (var picture in new NerfSceneFitter(options: options).Render(loaded, scene.Cameras))
        {
            using var mine = picture;
            using var scope = NewDisposeScope();
            Psnr.Of(scene.Views.Images[0, view], mine).Should().BeApproximately(result.HeldOutPsnrs[view], 1e-3);
            view++;
        }

        // A wall of mist where the silhouettes say that nothing is would be seen: outside of the ball's hull there is no density.
        using var inner = NewDisposeScope();
        var corners = tensor(new float[] { 1.3f, 1.3f, 1.3f, -1.3f, 1.3f, -1.3f, -1.3f, -1.3f, 1.3f }).reshape(3, 3);
        loaded.Target.Evaluate(loaded.Parameters, corners).select(1, 3).abs().max().item<float>().Should().Be(0);
    }

    [Fact]
    public void Mask_OfAFinerGrid_KeepsEveryCellThatTouchesAnOccupiedOne()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        const int Fine = 8;
        var occupied = rand([Fine * Fine * Fine], generator: generator).lt(0.02);
        float[] numbers = SpaceMask.Of(occupied, Fine, Cells).data<float>().ToArray();
        bool[] fine = occupied.data<bool>().ToArray();
        var expected = new bool[Cells * Cells * Cells];
        for (int i = 0; i < fine.Length; i++)
        {
            if (!fine[i])
                continue;
            int[] at = [i / (Fine * Fine), i / Fine % Fine, i % Fine];
            // A cell [a, a+1)/8 and a cell [b, b+1)/5 touch in more than a point where each begins before the other ends.
            foreach (int j in Enumerable.Range(0, expected.Length))
            {
                int[] to = [j / (Cells * Cells), j / Cells % Cells, j % Cells];
                expected[j] |= Enumerable.Range(0, 3).All(axis => at[axis] * Cells < (to[axis] + 1) * Fine && to[axis] * Fine < (at[axis] + 1) * Cells);
            }
        }

        numbers.Should().Equal(Pack(expected));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(257)]
    public void Options_WithoutSuchAMask_AreRefused(int resolution)
    {
        var act = () => new NerfMlp(new NerfMlpOptions { MaskResolution = resolution });
        act.Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*MaskResolution*");
    }

    private static float[] Pack(bool[] cells) =>
        [.. cells.Chunk(24).Select(c => (float)c.Select((kept, i) => kept ? 1 << i : 0).Sum())];

    private static ParameterSet WithMask(NerfMlp masked, ParameterSet theta, float[] mask) =>
        new(masked.Layout, [.. Enumerable.Range(0, theta.Layout.Count).Select(i => theta[i].alias()), tensor(mask)]);
}
