namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>What a builder cannot give a closed form is refused, not dropped.</summary>
public sealed class BuilderRefusalTests
{
    public static TheoryData<string> Kinds => ["piecewise", "block", "global"];

    [Theory, MemberData(nameof(Kinds))]
    public void FitWith_IsRefusedBeforeAndBehindTheTarget(string kind)
    {
        ((Action)(() => Use(InrBuilder.ForImages().FitWith(o => o with { Steps = 10 }), kind).Build()))
            .Should().Throw<InvalidOperationException>().WithMessage("*closed form*leave FitWith out*");
        ((Action)(() => Use(InrBuilder.ForImages(), kind).FitWith(o => o with { Steps = 10 }).Build()))
            .Should().Throw<InvalidOperationException>().WithMessage("*closed form*leave FitWith out*");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void OnDevice_OfAGpu_IsRefused(string kind) =>
        ((Action)(() => Use(InrBuilder.ForImages(), kind).OnDevice(InrDevice.Parse("cuda:1")).Build()))
            .Should().Throw<InvalidOperationException>().WithMessage("*on the CPU*OnDevice(cuda:1)*");

    [Theory, MemberData(nameof(Kinds))]
    public void OnDevice_OfTheCpuOrAny_IsFine(string kind)
    {
        Use(InrBuilder.ForImages(), kind).OnDevice(InrDevice.Cpu).WithSeed(3).Build().Dispose();
        Use(InrBuilder.ForImages(), kind).OnDevice(InrDevice.Auto).Build().Dispose();
    }

    [Fact]
    public void AFormOfACaller_RefusesTheSame() =>
        ((Action)(() => InrBuilder.ForImages().FitWith(o => o).UseFitter(b =>
        {
            b.RequireClosedForm("My fit");
            return new BlockCosineFitter();
        }).Build())).Should().Throw<InvalidOperationException>().WithMessage("My fit is solved in closed form*");

    private static InrBuilder Use(InrBuilder builder, string kind) => kind switch
    {
        "piecewise" => builder.UsePiecewiseFourier(),
        "block" => builder.UseBlockCosine(),
        _ => builder.UseGlobalCosine(),
    };
}
