using Inr.Testing;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>Runs the contract suite over <see cref="FitterTable"/>.</summary>
public sealed class FitterContractTests
{
    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_ReachesPsnr(string name) => With(name, f => FitterContract.ReachesPsnr(f, FitterTable.Psnr(name)));

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_LeavesTheSignal(string name) => With(name, FitterContract.SignalUntouched);

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_Twice_SameBits(string name) => With(name, FitterContract.Deterministic);

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_OnTwoThreads_SameBits(string name) => With(name, FitterContract.ThreadsDoNotDisturb);

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void SaveAndLoad_SameBits(string name) => With(name, FitterContract.SaveLoadExact);

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_Cancelled_ReturnsBestSoFar(string name) => With(name, FitterContract.CancelReturnsBestSoFar);

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_WrongSignal_IsRefused(string name) => With(name, FitterContract.WrongSignalRefused);

    [Theory, MemberData(nameof(FitterTable.Names), MemberType = typeof(FitterTable))]
    public void Fit_LeavesNoTensor(string name) => With(name, FitterContract.NoTensorLeft);

    private static void With(string name, Action<ISignalFitter> check)
    {
        using var fitter = FitterTable.Get(name);
        check(fitter);
    }
}
