using Inr.Testing;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>Runs the contract suite of storage over <see cref="TargetTable"/>.</summary>
public sealed class StorageContractTests
{
    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void SaveAndLoad_KeepsIt(string name) => StorageContract.SaveAndLoadKeepsIt(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Storing_LeavesNoTensor(string name) => StorageContract.NoTensorLeft(TargetTable.Get(name));
}
