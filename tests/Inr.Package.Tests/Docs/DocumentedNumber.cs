namespace Inr.Package.Tests.Docs;

/// <summary>Numbers of a page that a command prints again.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Written">A pattern that finds them on the page; each group is a number.</param>
/// <param name="Command">The arguments of <c>inr</c>, or after the word <c>study</c> those of <c>benchmarks/Inr.Studies</c>, run in the root; <c>{json}</c> and <c>{folder}</c> are a file and a folder of its own.</param>
/// <param name="Printed">A pattern that finds them, in the same order, in what the command prints or writes to <c>{json}</c>.</param>
/// <param name="Spread">How far they may differ: 0 for what repeats exactly, rounding aside.</param>
/// <param name="IsCheap">Whether the command takes seconds.</param>
public sealed record DocumentedNumber(string Page, string Written, string Command, string Printed, double Spread, bool IsCheap = true)
{
    /// <summary>What the test is called.</summary>
    public override string ToString() => $"{Page}: {Written}";
}
