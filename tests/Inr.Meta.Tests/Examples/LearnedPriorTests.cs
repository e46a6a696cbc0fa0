using Faces;

namespace Inr.Examples;

/// <summary>The README's second snippet runs and learns.</summary>
public sealed class LearnedPriorTests
{
    [Fact]
    public void Run_OnAFewPictures_BeatsTheUntrainedStart()
    {
        string folder = Directory.CreateTempSubdirectory("inr-prior-").FullName;
        string here = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            for (int i = 0; i < 4; i++)
            {
                using var scope = NewDisposeScope();
                var grid = CoordinateGrid.Create([16, 16]);
                var ramp = 0.5 + 0.4 * (grid.select(1, 0) * (2 + i) + grid.select(1, 1) * 3).sin();
                using var picture = Signal.FromGrid(stack([ramp, 1 - ramp, ramp * ramp], 1), [16, 16]);
                picture.SavePng($"{i}.png");
            }

            using var untrained = LearnedPrior.Run(folder, "0.png", 16, steps: 0);
            using var trained = LearnedPrior.Run(folder, "0.png", 16, steps: 60);
            trained.Psnr.Should().BeGreaterThan(untrained.Psnr + 1);
            File.Exists("faces.learner").Should().BeTrue();
        }
        finally
        {
            Environment.CurrentDirectory = here;
            Directory.Delete(folder, recursive: true);
        }
    }
}
