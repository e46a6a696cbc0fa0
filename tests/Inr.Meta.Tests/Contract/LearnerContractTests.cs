using Inr.Testing;

namespace Inr.Meta.Tests.Contract;

/// <summary>Runs the contract suite over <see cref="LearnerTable"/>.</summary>
public sealed class LearnerContractTests
{
    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_ReachesPsnr(string name) => With(name, f => FitterContract.ReachesPsnr(f, LearnerTable.Psnr(name)));

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_LeavesTheSignal(string name) => With(name, FitterContract.SignalUntouched);

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_Twice_SameBits(string name) => With(name, FitterContract.Deterministic);

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_OnTwoThreads_SameBits(string name) => With(name, FitterContract.ThreadsDoNotDisturb);

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void SaveAndLoad_SameBits(string name) => With(name, FitterContract.SaveLoadExact);

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_Cancelled_ReturnsBestSoFar(string name) => With(name, FitterContract.CancelReturnsBestSoFar);

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_WrongSignal_IsRefused(string name) => With(name, FitterContract.WrongSignalRefused);

    [Theory, MemberData(nameof(LearnerTable.Names), MemberType = typeof(LearnerTable))]
    public void Fit_LeavesNoTensor(string name) => With(name, FitterContract.NoTensorLeft);

    private static void With(string name, Action<ISignalFitter> check)
    {
        using var fitter = LearnerTable.Get(name);
        check(fitter);
    }
}
