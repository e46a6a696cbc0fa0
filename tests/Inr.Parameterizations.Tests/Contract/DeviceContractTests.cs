using System.Runtime.InteropServices;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>Runs <see cref="DeviceContract"/> over <see cref="TargetTable"/> and <see cref="FitterTable"/>, and shows that it sees what it is for.</summary>
public sealed class DeviceContractTests
{
    [Theory, MemberData(nameof(TargetTable.NamesOnMeta), MemberType = typeof(TargetTable))]
    public void Target_RunsOnMeta(string name) => DeviceContract.TargetRunsOnMeta(TargetTable.Get(name));

    [Theory, MemberData(nameof(TargetTable.NamesNotOnMeta), MemberType = typeof(TargetTable))]
    public void Target_NotOnMeta_ForTheReasonGiven(string name, string reason) => DeviceContract.TargetLacksMeta(TargetTable.Get(name), reason);

    [Theory, MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Target_NamesDevices(string name) => DeviceContract.TargetNamesDevices(TargetTable.Get(name));

    [Theory, MemberData(nameof(FitterTable.NamesOfGradientFits), MemberType = typeof(FitterTable))]
    public void Fitter_NamesDevices(string name)
    {
        using var fitter = FitterTable.Get(name);
        DeviceContract.FitterNamesDevices(fitter);
    }

    [Fact]
    public void TensorMadeWithoutADevice_IsSeen()
    {
        var target = new TargetCase(new SloppyTarget(x => ones(1, x.dtype)));
        ((Action)(() => DeviceContract.TargetNamesDevices(target))).Should().Throw<ExternalException>().WithMessage("*FPGA*");
        ((Action)(() => DeviceContract.TargetRunsOnMeta(target))).Should().Throw<ExternalException>().WithMessage("*meta and cpu*");
    }

    [Fact]
    public void TensorMadeOnTheCpu_IsSeenOnMeta()
    {
        var target = new TargetCase(new SloppyTarget(x => ones(1, x.dtype, CPU)));
        DeviceContract.TargetNamesDevices(target);
        ((Action)(() => DeviceContract.TargetRunsOnMeta(target))).Should().Throw<ExternalException>().WithMessage("*meta and cpu*");
    }

    [Fact]
    public void NumberReadBack_IsSeenOnMeta()
    {
        var target = new TargetCase(new SloppyTarget(x => x * x.sum().item<float>()));
        ((Action)(() => DeviceContract.TargetRunsOnMeta(target))).Should().Throw<ExternalException>().WithMessage("*no data*");
    }

    [Fact]
    public void NeedlessExclusion_IsSeen() =>
        ((Action)(() => DeviceContract.TargetLacksMeta(TargetTable.Get("siren"), "aten::sin"))).Should().Throw<Xunit.Sdk.XunitException>();
}
