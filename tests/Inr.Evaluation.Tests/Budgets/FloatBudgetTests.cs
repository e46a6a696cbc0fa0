using Inr.Evaluation;
using Inr.Parameterizations;

namespace Inr.Tests.Evaluation;

/// <summary>A budget buys the largest target that keeps to it, and one that buys none says what would.</summary>
public sealed class FloatBudgetTests
{
    private static readonly SignalShape Image = new(2, 3);

    public static TheoryData<string> Networks => [.. TargetCatalog.All.Where(t => t.Choices.HasFlag(TargetChoices.Width)).Select(t => t.Name)];

    [Theory, MemberData(nameof(Networks))]
    public void Spend_OnANetwork_BuysTheWidestThatFits(string name)
    {
        const int Budget = 5_000;
        var entry = TargetCatalog.Find(name);
        var spent = entry.Budget.Spend(entry, new TargetSettings { Floats = Budget }, Image);

        Count(entry, spent).Should().BeLessThanOrEqualTo(Budget);
        Count(entry, spent with { Width = spent.Width + 1 }).Should().BeGreaterThan(Budget);
    }

    [Fact]
    public void Spend_TooSmallABudget_NamesTheSmallestThatWorks()
    {
        var entry = TargetCatalog.Find("siren");
        var thrown = entry.Invoking(e => e.Budget.Spend(e, new TargetSettings { Floats = 3 }, Image)).Should().Throw<FloatBudgetException>().Which;
        thrown.Should().BeEquivalentTo(new { Target = "siren", Budget = 3L, Width = (int?)null });

        entry.Budget.Spend(entry, new TargetSettings { Floats = thrown.Smallest }, Image).Width.Should().Be(1);
        entry.Invoking(e => e.Budget.Spend(e, new TargetSettings { Floats = thrown.Smallest - 1 }, Image)).Should().Throw<FloatBudgetException>();
    }

    [Fact]
    public void Spend_AWidthBeyondTheBudget_IsRefusedWithItsCount()
    {
        var entry = TargetCatalog.Find("siren");
        long count = new Siren(2, 3, new SirenOptions { Width = 40 }).Layout.FloatCount;
        var act = () => entry.Budget.Spend(entry, new TargetSettings { Floats = count - 1, Width = 40 }, Image);
        act.Should().Throw<FloatBudgetException>().Where(e => e.Smallest == count && e.Width == 40);
        entry.Budget.Spend(entry, new TargetSettings { Floats = count, Width = 40 }, Image).Width.Should().Be(40);
    }

    [Fact]
    public void Find_UnknownName_ListsTheKnownOnes() =>
        ((Action)(() => TargetCatalog.Find("sirex"))).Should().Throw<InrException>().WithMessage("*'sirex'*siren, fourier-mlp*");

    private static long Count(TargetEntry entry, TargetSettings settings)
    {
        var builder = Image.Builder();
        entry.Use(builder, settings);
        return builder.BuildTarget().Layout.FloatCount;
    }
}
