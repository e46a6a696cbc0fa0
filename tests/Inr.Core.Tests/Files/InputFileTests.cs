using System.Diagnostics;
using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>What is no regular file is refused at once: to open a pipe waits for a writer, and a device may have no end.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Action<string>> Readers => new()
    {
        { "npy", path => Npy.Load(path) },
        { "npz", path => Npz.Load(path) },
        { "safetensors", path => new SafeTensorsReader(path).Dispose() },
        { "inr", path => ImplicitRepresentation.Load(path).Dispose() },
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Load_PipeOrDevice_IsRefusedWithoutWaiting(string name, Action<string> load)
    {
        if (OperatingSystem.IsWindows())
            return;
        string pipe = _folder["pipe"];
        Process.Start("mkfifo", [pipe])!.WaitForExit();
        File.CreateSymbolicLink(_folder["link"], pipe);
        foreach (string path in new[] { pipe, _folder["link"], "/dev/zero", "/dev/null" })
        {
            var reading = Task.Run(() => FluentActions.Invoking(() => load(path)).Should().Throw<InrFileException>().WithMessage($"*'{path}'*pipe or a device*"));
            (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(20)))).Should().BeSameAs(reading, $"{name} waits for {path}");
            await reading;
        }
    }

    [Fact]
    public void Load_ThroughALink_ReadsItsFile()
    {
        using var scope = NewDisposeScope();
        Npy.Save(_folder["a.npy"], tensor(new float[] { 1, 2 }));
        File.CreateSymbolicLink(_folder["link.npy"], "a.npy");
        Npy.Load(_folder["link.npy"]).data<float>().ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void Load_NothingThere_SaysSo()
    {
        File.CreateSymbolicLink(_folder["broken"], "nowhere");
        File.WriteAllBytes(_folder["empty"], []);
        FluentActions.Invoking(() => Npy.Load(_folder["none"])).Should().Throw<InrFileException>().WithMessage("*no such file*");
        FluentActions.Invoking(() => Npy.Load(_folder["broken"])).Should().Throw<InrFileException>().WithMessage("*no such file*");
        FluentActions.Invoking(() => Npy.Load(_folder.Root)).Should().Throw<InrFileException>().WithMessage("*it is a folder*");
        FluentActions.Invoking(() => Npy.Load(_folder["empty"])).Should().Throw<InrFileException>().WithMessage("*it is empty*");
    }
}
