using Inr.Package.Tests.Cli;
using Inr.Testing;

namespace Inr.Package.Tests.Docs;

/// <summary>What commands print, run once each in the root of the repository.</summary>
public sealed class CommandOutputs : IDisposable
{
    // The commands of whole data sets take minutes.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private const string Study = "study ";

    private readonly CliProcess _inr = CliProcess.Inr(SharedData.RepositoryRoot, Longest);
    private readonly CliProcess _studies = CliProcess.Studies(SharedData.RepositoryRoot, Longest);
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-numbers-").FullName;
    private readonly Dictionary<string, string> _outputs = [];

    /// <summary>Standard output, and the file that took the place of <c>{json}</c>.</summary>
    /// <param name="command">The arguments of <c>inr</c>, or after the word <c>study</c> those of the studies.</param>
    public string Of(string command)
    {
        if (_outputs.TryGetValue(command, out string? known))
            return known;
        string json = Path.Combine(_folder, $"{_outputs.Count}.json");
        bool isStudy = command.StartsWith(Study, StringComparison.Ordinal);
        string[] arguments = [.. command[(isStudy ? Study.Length : 0)..].Split(' ').Select(a => a.Replace("{json}", json, StringComparison.Ordinal).Replace("{folder}", Path.Combine(_folder, $"{_outputs.Count}"), StringComparison.Ordinal))];
        var result = (isStudy ? _studies : _inr).Run(arguments);
        result.ExitCode.Should().Be(0, "the error stream says: {0}", result.Error);
        return _outputs[command] = result.Output + (File.Exists(json) ? File.ReadAllText(json) : "");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
