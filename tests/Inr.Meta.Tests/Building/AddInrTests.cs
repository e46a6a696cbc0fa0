using Inr.Parameterizations;
using Microsoft.Extensions.DependencyInjection;

namespace Inr.Meta.Tests.Building;

/// <summary>Meta-learners from an application's services, and the verb for test-time steps.</summary>
public sealed class AddInrTests
{
    [Fact]
    public void AddInr_OfALearner_ResolvesItAsLearnerAndAsFitter()
    {
        using var provider = new ServiceCollection()
            .ConfigureInr<SirenOptions>(o => o with { Width = 6, HiddenLayers = 0 })
            .ConfigureInr<GradientMetaOptions>(o => o with { InnerSteps = 7 })
            .AddInr(sp => InrBuilder.ForImages(channels: 1, size: 8, services: sp).UseSiren().UseMaml())
            .BuildServiceProvider();
        var learner = provider.GetRequiredService<IMetaLearner>();
        provider.GetRequiredService<ISignalFitter>().Should().BeSameAs(learner);
        learner.Target!.Layout["0.weight"].Shape.Should().Equal(6, 2);
        learner.Description.Options["innerSteps"]!.GetValue<int>().Should().Be(7);
    }

    [Fact]
    public void AddInrLearner_ResolvesATrainedLearner()
    {
        using var provider = new ServiceCollection()
            .AddInrLearner(_ => InrBuilder.ForImages(channels: 1).UseSiren(o => o with { Width = 4 }).UseReptile().Build())
            .BuildServiceProvider();
        provider.GetRequiredService<ISignalFitter>().Should().BeSameAs(provider.GetRequiredService<IMetaLearner>());
    }

    [Fact]
    public void UseTestTimeSteps_FollowsTheAdaptation()
    {
        using var signal = Signal.FromGrid([0.1f, 0.9f, 0.4f, 0.2f, 0.7f, 0.5f], [2, 3], 1);
        using var plain = Builder().Build();
        using var stepped = Builder().UseTestTimeSteps(o => o with { Steps = 40, LearningRate = 1e-2 }).Build();
        using var before = plain.Fit(signal);
        using var after = stepped.Fit(signal);
        stepped.Should().BeOfType<TestTimeLearner>();
        after.Steps.Should().Be(40);
        after.Loss.Should().BeLessThan(0.5 * before.Loss);

        static MetaLearnerBuilder Builder() => InrBuilder.ForImages(channels: 1).UseSiren(o => o with { Width = 8 }).UseMaml().WithSeed(2);
    }

    [Fact]
    public void UseTestTimeSteps_RefusesInvalidOptionsAtOnce()
    {
        var act = () => InrBuilder.ForImages().UseSiren().UseMaml().UseTestTimeSteps(o => o with { Steps = -1 });
        act.Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*Steps is -1*");
    }
}
