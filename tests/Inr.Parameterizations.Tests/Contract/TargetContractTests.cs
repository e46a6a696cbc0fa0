using Inr.Testing;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>Runs the contract suite over <see cref="TargetTable"/>.</summary>
public sealed class TargetContractTests
{
    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Batch_EqualsLoop(string name) => TargetContract.BatchEqualsLoop(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Points_AreIndependent(string name) => TargetContract.PointsAreIndependent(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Arguments_StayUntouched(string name) => TargetContract.ArgumentsUntouched(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.TrainableNames), MemberType = typeof(TargetTable))]
    public void Initialize_SameSeed_SameBits(string name) => TargetContract.DeterministicUnderSeed(TargetTable.GetTrainable(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Description_RebuildsTheFunction(string name) => TargetContract.DescriptionRebuilds(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Gradients_MatchFiniteDifferences(string name) => TargetContract.GradientsMatchFiniteDifferences(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Evaluate_WrongShapes_AreRefused(string name) => TargetContract.WrongShapesRefused(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Evaluate_LeavesNoTensor(string name) => TargetContract.NoTensorLeft(TargetTable.Get(name));

    // Without a row the theory fails.
    [Theory, MemberData(nameof(TargetTable.LinearNames), MemberType = typeof(TargetTable))]
    public void SolveLinear_IsStationary(string name) => TargetContract.LinearSolveIsStationary(TargetTable.Get(name));

    [Theory]
    [InlineData("piecewise-fourier", false)]
    [InlineData("piecewise-fourier, curved cuts", true)]
    [InlineData("piecewise-fourier, soft indicators", false)]
    [InlineData("piecewise-fourier, soft curved cuts", true)]
    [InlineData("piecewise-fourier 1-D", false)]
    [InlineData("piecewise-fourier 3-D", true)]
    public void Rows_HoldWhatTheirNameSays(string name, bool curved)
    {
        var parameters = TargetTable.GetFitted(name).Parameters;
        parameters["cuts"].shape[0].Should().BePositive();
        parameters.Layout.Contains("curvatures").Should().Be(curved);
    }
}
