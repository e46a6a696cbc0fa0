using System.Text.RegularExpressions;
using Inr.Testing;

namespace Inr.Examples;

/// <summary>Code in the documentation is the code that these tests compile.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages
    {
        get
        {
            string[] files = [Path.Combine(SharedData.RepositoryRoot, "README.md"), .. Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "docs"), "*.md")];
            return [.. files.Where(f => Snippet().IsMatch(File.ReadAllText(f))).Select(f => Path.GetRelativePath(SharedData.RepositoryRoot, f))];
        }
    }

    /// <summary>
    /// Each marked block equals its source file. Set INR_UPDATE_SNIPPETS=1 to write the sources into the pages instead.
    /// </summary>
    [Theory, MemberData(nameof(Pages))]
    public void Snippets_EqualTheirSource(string page)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, page);
        string text = File.ReadAllText(path);
        string current = Snippet().Replace(text, m =>
        {
            string source = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, m.Groups["file"].Value)).Trim();
            return $"<!-- snippet: {m.Groups["file"].Value} -->\n```csharp\n{source}\n```\n<!-- end -->";
        });
        if (Environment.GetEnvironmentVariable("INR_UPDATE_SNIPPETS") == "1")
            File.WriteAllText(path, current);
        else
            text.Should().Be(current, "the page shows what is compiled; run the tests once with INR_UPDATE_SNIPPETS=1");
    }

    [Fact]
    public void Links_LeadToFiles()
    {
        string root = SharedData.RepositoryRoot;
        string[] pages = [.. Directory.GetFiles(root, "*.md"), .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md"), .. Directory.GetFiles(Path.Combine(root, "samples"), "*.md")];
        var broken = from page in pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = link.Groups["to"].Value
                     where !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                     select $"{Path.GetRelativePath(root, page)}: {target}";
        broken.Should().BeEmpty();
    }

    [GeneratedRegex(@"\]\((?<to>[^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"<!-- snippet: (?<file>\S+) -->\n```csharp\n.*?```\n<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
