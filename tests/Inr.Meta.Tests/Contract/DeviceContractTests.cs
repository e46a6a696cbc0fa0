using System.Runtime.InteropServices;
using Inr.Testing;

namespace Inr.Meta.Tests.Contract;

/// <summary>Runs <see cref="DeviceContract"/> over the passes of <see cref="DeviceTable"/> and the fits of <see cref="LearnerTable"/>.</summary>
/// <remarks>Adaptation reads back which tasks were lost, so on meta it is the passes of training that run.</remarks>
public sealed class DeviceContractTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(DeviceTable.NamesOnMeta), MemberType = typeof(DeviceTable))]
    public void Differentiate_RunsOnMeta(string name)
    {
        using var learner = DeviceTable.Get(name, DeviceContract.Meta);
        DeviceContract.ShouldBeOn(DeviceContract.Meta, learner.Objective.Weights.Select(w => w.Tensor));
        DeviceContract.ShouldBeOn(DeviceContract.Meta, learner.Differentiate());
    }

    [Theory, MemberData(nameof(DeviceTable.NamesNotOnMeta), MemberType = typeof(DeviceTable))]
    public void Differentiate_NotOnMeta_ForTheReasonGiven(string name, string reason)
    {
        using var learner = DeviceTable.Get(name, DeviceContract.Meta);
        ((Action)(() => learner.Differentiate())).Should().Throw<ExternalException>("a learner that runs on meta is not to be excluded").WithMessage($"*{reason}*");
    }

    [Theory, MemberData(nameof(DeviceTable.Names), MemberType = typeof(DeviceTable))]
    public void Passes_NameDevices(string name)
    {
        using var expected = DeviceTable.Get(name, CPU);
        using var found = DeviceContract.WithoutDefaultDevice(() => DeviceTable.Get(name, CPU));
        Tensor[] passes = [.. expected.Differentiate(), .. expected.Adapt()];
        Tensor[] others = DeviceContract.WithoutDefaultDevice<Tensor[]>(() => [.. found.Differentiate(), .. found.Adapt()]);
        for (int i = 0; i < passes.Length; i++)
            Close.ShouldBeSame(others[i], passes[i]);
    }

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_NamesDevices(string name)
    {
        using var learner = LearnerTable.Get(name);
        DeviceContract.FitterNamesDevices(learner);
    }
}
