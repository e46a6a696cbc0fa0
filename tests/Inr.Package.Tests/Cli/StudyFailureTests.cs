namespace Inr.Package.Tests.Cli;

/// <summary>A study that is asked for something unknown says what is known.</summary>
public sealed class StudyFailureTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private const int BadUsage = 2;

    [Theory]
    [InlineData("nothing", "nothing")]
    [InlineData("matrix nothing", "known are run")]
    [InlineData("matrix --only nothing", "known are photographs, faces")]
    [InlineData("matrix --minutes 0", "above 0")]
    public void Run_BadUsage_SaysOneLineAndExitsWith2(string line, string because) =>
        fixture.Studies.Run(line.Split(' ')).ShouldFail(BadUsage, because, "study");
}
