using Inr.Structure;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests.Structure;

/// <summary>Which weights a rule of pruning keeps, against a plain sort of their magnitudes.</summary>
public sealed class ParameterMaskTests
{
    private static readonly ParameterLayout Layout = new([
        new("0.weight", [7, 3], ParameterRole.Weight), new("0.bias", [7], ParameterRole.Bias),
        new("1.weight", [5, 7], ParameterRole.Weight), new("codes", [4], ParameterRole.Structure, isTrainable: false)]);

    [Fact]
    public void KeepLargest_RoundByRound_EqualsASortOfAllThatLives()
    {
        using var scope = NewDisposeScope();
        var theta = Parameters(scale: 0.1);
        double[] flat = [.. Numbers(theta["0.weight"]), .. Numbers(theta["1.weight"])];
        var alive = Enumerable.Range(0, flat.Length).ToHashSet();
        var mask = ParameterMask.Full(Layout);
        mask.MaskedCount.Should().Be(56, "biases and codes are not pruned");
        for (int round = 0; round < 6; round++)
        {
            using var before = mask;
            mask = before.KeepLargest(theta, 0.8);
            foreach (int i in alive.OrderBy(i => Math.Abs(flat[i])).Take((int)(0.2 * alive.Count + 1e-9)).ToArray())
                alive.Remove(i);
            Live(mask).Should().Equal(Enumerable.Range(0, flat.Length).Select(alive.Contains));
        }

        mask.LiveCount.Should().Be(alive.Count);
        mask.Dispose();
    }

    [Fact]
    public void KeepLargest_LayerByLayer_KeepsTheSameShareOfEach()
    {
        using var scope = NewDisposeScope();
        using var full = ParameterMask.Full(Layout);
        // The second layer is a hundredth of the first: all together it goes first.
        var theta = Parameters(scale: 0.01);
        using var layers = full.KeepLargest(theta, 0.4, PruningRanking.PerLayer);
        layers["0.weight"]!.sum().item<long>().Should().Be(21 - 12);
        layers["1.weight"]!.sum().item<long>().Should().Be(35 - 21);
        using var rescaled = full.KeepLargest(theta, 0.4, PruningRanking.Rescaled);
        using var same = full.KeepLargest(Parameters(scale: 1), 0.4, PruningRanking.Rescaled);
        Live(rescaled).Should().Equal(Live(same), "a rank that is rescaled does not depend on the scale of a layer");
        var act = () => full.KeepLargest(theta, 0.375);
        act.Should().Throw<ArgumentException>().WithMessage("*leaves nothing of '1.weight'*");
    }

    [Fact]
    public void Apply_ZeroesTheDead_AndGradientsOfThemAreZeroToTheSecondOrder()
    {
        using var scope = NewDisposeScope();
        using var full = ParameterMask.Full(Layout);
        using var generator = new Generator(5);
        using var mask = full.KeepRandom(0.5, generator);
        mask.LiveCount.Should().Be(28);
        var theta = Parameters(scale: 1).AsLeaves();
        var applied = mask.Apply(theta);
        var loss = applied["0.weight"].pow(3).sum();
        var first = autograd.grad([loss], [theta["0.weight"]], retain_graph: true, create_graph: true)[0];
        var second = autograd.grad([first.sum()], [theta["0.weight"]])[0];
        var dead = mask["0.weight"]!.logical_not();
        foreach (var t in new[] { applied["0.weight"], first, second })
        {
            t[dead].abs().sum().item<float>().Should().Be(0);
            t[mask["0.weight"]!].abs().min().item<float>().Should().BeGreaterThan(0);
        }

        applied["0.bias"].Equals(theta["0.bias"]).Should().BeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Keep_OfNoShare_IsRefused(double keep)
    {
        using var full = ParameterMask.Full(Layout);
        using var theta = Parameters(1);
        FluentActions.Invoking(() => full.KeepLargest(theta, keep)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*above 0 and at most 1*");
    }

    [Fact]
    public void Of_MasksThatDoNotFit_AreRefusedByName()
    {
        using var scope = NewDisposeScope();
        FluentActions.Invoking(() => ParameterMask.Of(Layout, new Dictionary<string, Tensor> { ["0.weight"] = ones([3, 7], ScalarType.Bool) })).Should().Throw<ArgumentException>().WithMessage("*'0.weight'*[7,3]*[3,7]*");
        FluentActions.Invoking(() => ParameterMask.Of(Layout, new Dictionary<string, Tensor> { ["0.weight"] = zeros([7, 3], ScalarType.Bool) })).Should().Throw<ArgumentException>().WithMessage("*nothing of '0.weight'*");
        FluentActions.Invoking(() => ParameterMask.Full(new ParameterLayout([new("c", [4], ParameterRole.Coefficient)]))).Should().Throw<ArgumentException>().WithMessage("*nothing to prune*");
    }

    [Theory]
    [InlineData(1000, 10, 0.1)]
    [InlineData(7, 5, 0.3)]
    [InlineData(1, 3, 0.5)]
    public void Schedule_HasAllItsRounds_AndEndsAtItsDensity(int steps, int rounds, double density)
    {
        using var scope = NewDisposeScope();
        var schedule = new PruningSchedule { Rounds = rounds, Density = density };
        Enumerable.Range(0, steps).Sum(s => schedule.RoundsBefore(s, steps)).Should().Be(rounds);
        schedule.LastRound(steps).Should().BeLessThan(steps);
        var theta = Parameters(1);
        var mask = ParameterMask.Full(Layout);
        for (int round = 0; round < rounds; round++)
        {
            using var before = mask;
            mask = schedule.Prune(before, theta, round);
        }

        mask.LiveCount.Should().BeCloseTo((long)Math.Round(56 * density), 1);
        mask.Dispose();
    }

    private static ParameterSet Parameters(double scale)
    {
        using var generator = new Generator(1);
        return new ParameterSet(Layout, [randn([7, 3], generator: generator), randn([7], generator: generator), randn([5, 7], generator: generator) * scale, zeros(4)]);
    }

    private static double[] Numbers(Tensor t) => [.. t.flatten().data<float>().Select(v => (double)v)];

    private static bool[] Live(ParameterMask mask) => [.. mask["0.weight"]!.flatten().data<bool>(), .. mask["1.weight"]!.flatten().data<bool>()];
}
