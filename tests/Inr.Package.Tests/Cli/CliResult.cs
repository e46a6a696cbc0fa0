namespace Inr.Package.Tests.Cli;

/// <summary>What a process left behind.</summary>
public sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Asserts the contract of a failure: the exit code, and one clear line on the error stream.</summary>
    public void ShouldFail(int exitCode, string because, string command = "inr")
    {
        ExitCode.Should().Be(exitCode, "the error stream says: {0}", Error);
        Error.Should().StartWith($"{command}: ").And.Contain(because);
        Error.TrimEnd().Should().NotContain("\n", "a failure is one line").And.NotContain("   at ", "a user needs no stack trace").And.NotContain("Parameter '");
    }

    /// <summary>Asserts success.</summary>
    public CliResult ShouldSucceed()
    {
        ExitCode.Should().Be(0, "the error stream says: {0}", Error);
        Error.Should().BeEmpty();
        return this;
    }
}
