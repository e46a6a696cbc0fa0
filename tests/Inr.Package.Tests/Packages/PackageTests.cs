using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Inr.Package.Tests.Packages;

/// <summary>What is in the packages, and that a fresh app can use them.</summary>
public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    public static TheoryData<string> Names => [.. PackedPackages.Names];

    [Theory, MemberData(nameof(Names))]
    public void Package_HoldsLibrariesDocsAndReadme_AndNothingElse(string name)
    {
        using var zip = ZipFile.OpenRead(packages.File(name));
        var files = zip.Entries.Select(e => e.FullName)
            .Where(f => !f.StartsWith("_rels/", StringComparison.Ordinal) && !f.StartsWith("package/", StringComparison.Ordinal) && f != "[Content_Types].xml");
        files.Should().BeEquivalentTo(
            $"{name}.nuspec", "README.md", "icon.png",
            $"lib/net8.0/{name}.dll", $"lib/net8.0/{name}.xml",
            $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml");
        using var symbols = ZipFile.OpenRead(packages.File(name, "snupkg"));
        symbols.Entries.Select(e => e.FullName).Should().Contain($"lib/net8.0/{name}.pdb").And.Contain($"lib/net10.0/{name}.pdb");
    }

    [Theory, MemberData(nameof(Names))]
    public void Package_Metadata_IsComplete_AndNamesNoBackend(string name)
    {
        using var zip = ZipFile.OpenRead(packages.File(name));
        using var stream = zip.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Value(string element) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value ?? "";
        Value("license").Should().Be("MIT");
        Value("readme").Should().Be("README.md");
        Value("icon").Should().Be("icon.png");
        Value("projectUrl").Should().NotBeEmpty();
        Value("description").Length.Should().BeGreaterThan(40);
        Value("tags").Should().NotBeEmpty();
        Value("authors").Should().NotBe(name);
        metadata.Elements().Single(e => e.Name.LocalName == "repository").Attribute("commit").Should().NotBeNull();
        var dependencies = metadata.Descendants().Where(e => e.Name.LocalName == "dependency").ToArray();
        dependencies.Select(d => d.Attribute("id")!.Value).Should().NotContain(d => d.StartsWith("libtorch", StringComparison.Ordinal) || d.StartsWith("TorchSharp-", StringComparison.Ordinal),
            "the app chooses the backend");
        metadata.Descendants().Where(e => e.Name.LocalName == "group").Select(g => g.Attribute("targetFramework")!.Value).Should().BeEquivalentTo("net8.0", "net10.0");
    }

    /// <summary>A package's page is shown elsewhere: its links name the repository, and nothing else differs.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Package_Readme_IsThatOfTheRepository_WithAbsoluteLinks(string name)
    {
        using var zip = ZipFile.OpenRead(packages.File(name));
        using var reader = new StreamReader(zip.GetEntry("README.md")!.Open());
        string packed = reader.ReadToEnd();
        Regex.Matches(packed, @"\]\((?!https?:|#)").Should().BeEmpty();
        string Plain(string text) => Regex.Replace(text, @"\]\([^)]*\)", "]").Trim();
        Plain(packed).Should().Be(Plain(File.ReadAllText(Path.Combine(PackedPackages.RepositoryRoot, "README.md"))));
    }

    /// <summary>The README's snippet, in a fresh app that knows the packages from a folder only.</summary>
    [Fact]
    public void FreshApp_RestoresThePackages_AndRunsTheReadmeSnippet()
    {
        string app = Path.Combine(packages.Root, "app");
        Directory.CreateDirectory(app);
        string sample = Path.Combine(PackedPackages.RepositoryRoot, "samples", "QuickStart");
        File.Copy(Path.Combine(sample, "Program.cs"), Path.Combine(app, "Program.cs"));
        File.Copy(Path.Combine(PackedPackages.RepositoryRoot, "samples", "Inr.Cli", "assets", "chelsea.png"), Path.Combine(app, "photo.png"));
        File.WriteAllText(Path.Combine(app, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Inr.Meta" Version="{packages.Version}" />
                <PackageReference Include="TorchSharp-cpu" Version="0.107.0" />
                <None Include="photo.png" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>
            """);
        string sources = XDocument.Load(Path.Combine(PackedPackages.RepositoryRoot, "nuget.config")).Descendants("add").Single().Attribute("value")!.Value;
        File.WriteAllText(Path.Combine(app, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{packages.Feed}" />
                <add key="public" value="{sources}" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="packed"><package pattern="Inr.*" /></packageSource>
                <packageSource key="public"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        string output = PackedPackages.Run(app, "dotnet", "run", "-c", "Release");
        output.Should().MatchRegex(@"\d+(\.\d+)? dB");
        Directory.GetFiles(app, "*.inr").Should().NotBeEmpty();
        Directory.GetFiles(app, "*.png").Length.Should().BeGreaterThan(1, "the snippet renders a picture beside the one it reads");
    }
}
