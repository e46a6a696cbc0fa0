using Inr.Folders;

namespace Inr.Tests;

public sealed class FolderShardTests
{
    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("2/8", 2, 8)]
    [InlineData("8/8", 8, 8)]
    public void Parse_NumberAndCount_IsThatShare(string text, int number, int count) => FolderShard.Parse(text).Should().Be(new FolderShard(number, count));

    [Theory]
    [InlineData("auto", 1, 8, "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=8")]
    [InlineData("AUTO", 8, 8, "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=8")]
    [InlineData("auto", 1, 8, "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=8")]
    [InlineData("auto", 3, 4, "SLURM_ARRAY_TASK_ID=20 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=30")]
    [InlineData("auto/5", 3, 5, "SLURM_ARRAY_TASK_ID=7")]
    [InlineData("auto/8", 1, 8, "JOB_COMPLETION_INDEX=0")]
    [InlineData("auto/8", 8, 8, "JOB_COMPLETION_INDEX=7")]
    public void Parse_InAnArrayJob_TakesTheShareOfTheTask(string text, int number, int count, string environment) =>
        FolderShard.Parse(text, Variables(environment)).Should().Be(new FolderShard(number, count));

    [Theory]
    [InlineData("0/8", "", "2/8")]
    [InlineData("9/8", "", "2/8")]
    [InlineData("1/0", "", "2/8")]
    [InlineData("1/2/3", "", "2/8")]
    [InlineData("-1/8", "", "2/8")]
    [InlineData("auto", "", "no array job")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=3", "auto/8")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_COUNT")]
    [InlineData("auto/8", "JOB_COMPLETION_INDEX=8", "counted from 0")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_X=4", null)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=9", "evenly")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_COUNT=4", "no number")]
    public void Parse_WithoutAShare_SaysWhatIsMissing(string text, string environment, string? words)
    {
        var parsing = FluentActions.Invoking(() => FolderShard.Parse(text, Variables(environment)));
        if (words is null)
            parsing.Should().NotThrow("tasks 1, 4 and 7 are evenly spaced");
        else
            parsing.Should().Throw<FormatException>().WithMessage($"*{words}*");
    }

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_COUNT=6", 0, 6, 1)]
    [InlineData("SLURM_ARRAY_TASK_COUNT=6", 1, 6, 1)]
    [InlineData("SLURM_ARRAY_TASK_COUNT=6 SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_MAX=19", 4, 6, 3)]
    public void Parse_OfAllTasksOfAJob_GivesEachShareOnce(string environment, int first, int count, int step)
    {
        var shares = Enumerable.Range(0, count).Select(i => FolderShard.Parse("auto", Variables($"{environment} SLURM_ARRAY_TASK_ID={first + (i * step)}")).Number);

        shares.Should().BeEquivalentTo(Enumerable.Range(1, count));
    }

    [Fact]
    public void Takes_OfAllShares_GivesEachFileOnce()
    {
        var shares = Enumerable.Range(1, 7).Select(number => new FolderShard(number, 7)).ToList();

        for (int file = 0; file < 100; file++)
            shares.Count(share => share.Takes(file)).Should().Be(1);
        new FolderShard().Takes(5).Should().BeTrue("no share is all files");
    }

    private static Func<string, string?> Variables(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return name => values.GetValueOrDefault(name);
    }
}
