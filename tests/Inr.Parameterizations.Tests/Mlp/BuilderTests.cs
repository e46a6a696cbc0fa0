using Inr.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>The builder and dependency injection: the same validators on both paths, one build, clear refusals.</summary>
public sealed class BuilderTests
{
    [Fact]
    public void Build_WithoutTarget_SaysWhatToCall() =>
        ((Action)(() => InrBuilder.ForImages().Build())).Should().Throw<InvalidOperationException>().WithMessage("*UseSiren()*");

    [Fact]
    public void Build_Twice_IsRefused()
    {
        var builder = InrBuilder.ForImages().UseSiren();
        builder.Build().Dispose();
        ((Action)(() => builder.Build())).Should().Throw<InvalidOperationException>().WithMessage("*built already*");
        ((Action)(() => builder.WithSeed(3))).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void UseTarget_Twice_IsRefused() =>
        ((Action)(() => InrBuilder.ForImages().UseSiren().UseReluMlp())).Should().Throw<InvalidOperationException>().WithMessage("*one*");

    [Fact]
    public void UseSiren_InvalidOption_IsRefusedWhenItIsSet() =>
        ((Action)(() => InrBuilder.ForImages().UseSiren(o => o with { Width = -1 }))).Should().Throw<OptionsValidationException>()
            .WithMessage("*SirenOptions.Width is -1; it must be between 1 and 8192*");

    [Fact]
    public void FitWith_InvalidOption_NamesIt() =>
        ((Action)(() => InrBuilder.ForImages().FitWith(o => o with { LearningRate = 0 }))).Should().Throw<OptionsValidationException>()
            .WithMessage("*GradientFitterOptions.LearningRate is 0; it must be above 0*");

    [Fact]
    public void FitWith_MinibatchesForLbfgs_AreRefused() =>
        ((Action)(() => InrBuilder.ForImages().FitWith(o => o with { Optimizer = OptimizerKind.Lbfgs, BatchSize = 10 }))).Should().Throw<OptionsValidationException>()
            .WithMessage("*BatchSize is 10*L-BFGS*");

    [Fact]
    public void ForImages_Networks_AddTheMiddleOfTheRange()
    {
        using var images = InrBuilder.ForImages().UseSiren().Build();
        images.Target!.Description.Options["outputOffset"]!.GetValue<double>().Should().Be(0.5);
        using var sound = InrBuilder.ForAudio().UseSiren(o => o with { FirstOmega = 3000 }).Build();
        sound.Target!.Description.Options["outputOffset"]!.GetValue<double>().Should().Be(0);
        sound.Target.InputDimension.Should().Be(1);
    }

    [NoGpuFact]
    public void OnDevice_CudaWhereThereIsNone_IsRefused() =>
        ((Action)(() => InrBuilder.ForImages().UseSiren().OnDevice(InrDevice.Cuda).Build())).Should().Throw<DeviceUnavailableException>();

    [Fact]
    public void WithSeed_DrawsAnotherStart()
    {
        using var image = FitterContract.TestImage();
        Tensor First(long seed)
        {
            using var fitter = InrBuilder.ForImages().UseSiren(o => o with { Width = 4 }).WithSeed(seed).FitWith(o => o with { Steps = 0 }).Build();
            using var result = fitter.Fit(image);
            return result.Representation.Parameters[0].clone();
        }

        using var scope = NewDisposeScope();
        Close.ShouldBeSame(First(3), First(3));
        First(3).eq(First(4)).all().item<bool>().Should().BeFalse();
    }

    [Fact]
    public void AddInr_ResolvesAFitter_WithConfiguredOptions()
    {
        using var provider = new ServiceCollection()
            .ConfigureInr<SirenOptions>(o => o with { Width = 12 })
            .AddInr(sp => InrBuilder.ForImages(services: sp).UseSiren(o => o with { HiddenLayers = 0 }))
            .BuildServiceProvider();
        var fitter = provider.GetRequiredService<ISignalFitter>();
        provider.GetRequiredService<ISignalFitter>().Should().BeSameAs(fitter);
        fitter.Target!.Layout["0.weight"].Shape.Should().Equal(12, 2);
        fitter.Target.Layout.Count.Should().Be(4);
    }

    [Fact]
    public void AddInr_GradientDescent_HasConfiguredOptionsWithoutFitWith()
    {
        var services = new ServiceCollection().ConfigureInr<GradientFitterOptions>(o => o with { Steps = 3 });
        using var provider = services.AddInr(sp => InrBuilder.ForImages(channels: 1, services: sp).UseSiren(o => o with { Width = 4 })).BuildServiceProvider();
        using var signal = Signal.FromGrid(new float[12], [3, 4], 1);
        using var fit = provider.GetRequiredService<ISignalFitter>().Fit(signal);
        fit.Steps.Should().Be(3);
    }

    [Fact]
    public void AddInr_ChangesApplyInOrder_AndTheBuilderHasTheLastWord()
    {
        using var provider = new ServiceCollection()
            .Configure<SirenOptions>(BindWidth)
            .ConfigureInr<SirenOptions>(o => o with { Width = 2 * o.Width, HiddenLayers = 0 })
            .ConfigureInr<SirenOptions>(o => o with { Width = o.Width + 1 })
            .AddInr(sp => InrBuilder.ForImages(services: sp).UseSiren(o => o with { Width = o.Width + 1 }))
            .BuildServiceProvider();
        provider.GetRequiredService<ISignalFitter>().Target!.Layout["0.weight"].Shape.Should().Equal((2 * 5) + 2, 2);

        // As the configuration binder does: by reflection, which init accessors allow.
        static void BindWidth(SirenOptions options) => typeof(SirenOptions).GetProperty(nameof(SirenOptions.Width))!.SetValue(options, 5);
    }

    [Fact]
    public void AddInr_InvalidConfiguredOption_IsRefusedByTheSameValidator()
    {
        using var provider = new ServiceCollection()
            .ConfigureInr<SirenOptions>(o => o with { Width = 0 })
            .AddInr(sp => InrBuilder.ForImages(services: sp).UseSiren())
            .BuildServiceProvider();
        ((Action)(() => provider.GetRequiredService<ISignalFitter>())).Should().Throw<OptionsValidationException>()
            .WithMessage("*SirenOptions.Width is 0; it must be between 1 and 8192*");
    }
}
