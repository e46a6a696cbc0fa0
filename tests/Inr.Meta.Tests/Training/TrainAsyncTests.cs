using Inr.Meta.Tests.Gradient;
using Inr.Testing;

namespace Inr.Meta.Tests.Training;

public sealed class TrainAsyncTests
{
    private static GradientMetaLearner Learner() => new(FamilyTable.Target("siren"), GradientMethods.MetaSgd());

    [Fact]
    public async Task TrainAsync_Signals_GivesTheBitsOfTrain()
    {
        using var expected = Learner();
        expected.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 5 });
        using var learner = Learner();

        var result = await learner.TrainAsync(new TinyTasks(4), new MetaTrainingOptions { Steps = 5 });

        result.Status.Should().Be(MetaTrainingStatus.Completed);
        for (int i = 0; i < learner.Weights.Count; i++)
            Close.ShouldBeSame(learner.Weights[i].Tensor, expected.Weights[i].Tensor);
    }

    [Fact]
    public async Task TrainAsync_Cancelled_ThrowsAndKeepsTheLastStep()
    {
        using var expected = Learner();
        expected.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 3 });
        using var learner = Learner();
        using var source = new CancellationTokenSource();

        var task = learner.TrainAsync(new TinyTasks(4), new MetaTrainingOptions { Steps = 1_000_000, ReportEvery = 1 }, new Collect(p =>
        {
            if (p.Step == 3)
                source.Cancel();
        }), source.Token);

        var thrown = (await ((Func<Task>)(() => task)).Should().ThrowAsync<TrainingCanceledException>()).Which;
        task.Status.Should().Be(TaskStatus.Canceled);
        (thrown.Result.Status, thrown.Result.Steps).Should().Be((MetaTrainingStatus.Cancelled, 3));
        Close.ShouldBeSame(learner.Weights[0].Tensor, expected.Weights[0].Tensor);
    }

    private sealed class Collect(Action<MetaTrainingProgress> seen) : IProgress<MetaTrainingProgress>
    {
        public void Report(MetaTrainingProgress value) => seen(value);
    }
}
