using Inr.Testing;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>Runs the contract suite of bound functions over <see cref="TargetTable"/>.</summary>
public sealed class BoundContractTests
{
    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Bound_EqualsEvaluate(string name) => BoundContract.BoundEqualsEvaluate(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Render_EqualsEvaluateOnTheGrid(string name) => BoundContract.RenderEqualsEvaluateOnTheGrid(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Window_IsPartOfTheWhole(string name) => BoundContract.WindowIsPartOfTheWhole(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Jacobian_MatchesFiniteDifferences(string name) => BoundContract.JacobianMatchesFiniteDifferences(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Chunks_EqualWhole(string name) => BoundContract.ChunksEqualWhole(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Bound_IsASnapshot(string name) => BoundContract.BoundIsASnapshot(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Threads_ShareIt(string name) => BoundContract.ThreadsShareIt(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void WrongArguments_AreRefused(string name) => BoundContract.WrongArgumentsRefused(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Binding_LeavesNoTensor(string name) => BoundContract.NoTensorLeft(TargetTable.Get(name));
}
