namespace Inr.Package.Tests.Cli;

/// <summary>An application whose native libraries did not come along says so in one line, at whatever needs them first.</summary>
public sealed class CliWithoutBackendTests : IDisposable
{
    private const string Shim = "LibTorchSharp";

    private readonly string _folder = Directory.CreateTempSubdirectory("inr-bare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Command_WithoutNativeLibraries_SaysWhichIsMissing_AndWhatToDo()
    {
        string application = Managed();
        File.WriteAllBytes(Path.Combine(_folder, "p.png"), TestPng.Create(24, 16));
        ShouldFail(application, $"{Shim}");
        // With the shim of TorchSharp alone, it is libtorch that is missing.
        if (Directory.GetFiles(CliProcess.CommandFolder, $"*{Shim}*.*", SearchOption.AllDirectories).FirstOrDefault(f => f.Contains(RuntimeName(), StringComparison.Ordinal)) is not { } shim)
            return;
        File.Copy(shim, Path.Combine(application, Path.GetFileName(shim)));
        ShouldFail(application, "libtorch");
    }

    // Loading a picture is the first line of the README's example; doctor is what the message sends people to.
    private void ShouldFail(string application, string missing)
    {
        var inr = CliProcess.Copy(_folder, application);
        // What lies in the cache of packages would be found and used.
        (string, string)[] bare = [("NUGET_PACKAGES", Path.Combine(_folder, "none")), ("HOME", _folder), ("USERPROFILE", _folder), ("INR_LIBTORCH", ""), ("LD_LIBRARY_PATH", "")];
        foreach (string[] arguments in new[] { new[] { "fit", "p.png" }, ["fit", "p.png", "--target", "siren", "--steps", "1"], ["compare", "p.png", "--targets", "siren", "--report", "r"] })
        {
            var result = inr.RunWith(bare, arguments);
            result.ShouldFail(1, missing);
            result.Error.Should().Contain("Fix: ").And.NotContain("TypeInitializationException");
        }

        inr.RunWith(bare, "doctor").Output.Should().Contain("backend         none");
    }

    private string Managed()
    {
        string application = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        foreach (string file in Directory.GetFiles(CliProcess.CommandFolder).Where(f => Path.GetExtension(f) is ".dll" or ".json" && !f.Contains(Shim, StringComparison.Ordinal) && !Path.GetFileName(f).StartsWith("torch", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(application, Path.GetFileName(file)));
        return application;
    }

    private static string RuntimeName() => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx" : "linux-x64";
}
