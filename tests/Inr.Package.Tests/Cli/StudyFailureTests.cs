namespace Inr.Package.Tests.Cli;

/// <summary>A study that is asked for something unknown says what is known.</summary>
public sealed class StudyFailureTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private const int BadUsage = 2;

    [Theory]
    [InlineData("nothing", "'nothing'", "piecewise-fourier")]
    [InlineData("matrix nothing", "'nothing'", "plan")]
    [InlineData("transformer judge --bogus 1", "'--bogus'", "--learner")]
    [InlineData("transformer steps --k 1,x", "'1,x' must be numbers", "--rates")]
    [InlineData("piecewise-fourier compare folder", "FLOATS", "PATH")]
    [InlineData("matrix --minutes 0,5", "--minutes is '0,5', which is no number.", "--only")]
    [InlineData("transformer judge --limit 1,0", "--limit is '1,0', which is no whole number.", "--learner")]
    public void Run_UnknownArguments_SaysSoAndShowsTheUsage(string line, string because, string usage)
    {
        var result = fixture.Studies.Run(line.Split(' '));
        result.ExitCode.Should().Be(BadUsage);
        string[] lines = result.Error.Split('\n');
        lines[0].Should().StartWith("study: ").And.Contain(because);
        string.Join('\n', lines[1..]).Should().Contain("Usage:").And.Contain(usage).And.NotContain("   at ");
    }

    [Theory]
    [InlineData("matrix --only nothing", "known are photographs, faces")]
    [InlineData("matrix --minutes 0", "above 0")]
    [InlineData("piecewise-fourier compare folder many", "'many', which is no whole number")]
    public void Run_ValuesOutOfRange_SaysOneLineAndExitsWith2(string line, string because) =>
        fixture.Studies.Run(line.Split(' ')).ShouldFail(BadUsage, because, "study");
}
