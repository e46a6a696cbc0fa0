using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Interchange;

/// <summary>What NumPy gets is θ, under the documented names, and the page's Python reads it.</summary>
public sealed partial class ExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void SaveNpz_OfRepresentation_HoldsThetaAndWhatItIs()
    {
        using var scope = NewDisposeScope();
        using var siren = Siren();
        string path = Path.Combine(_folder, "a.npz");

        siren.SaveNpz(path);

        var arrays = Npz.Load(path);
        arrays.Keys.Should().Equal([.. siren.Parameters.Layout.Select(s => s.Name), "__metadata__"]);
        foreach (var (spec, tensor) in siren.Parameters.Layout.Zip(siren.Parameters.Tensors))
            Close.ShouldBeSame(arrays[spec.Name], tensor, spec.Name);
        var metadata = JsonNode.Parse(Encoding.UTF8.GetString(arrays["__metadata__"].data<byte>().ToArray()))!;
        metadata["target"]!.GetValue<string>().Should().Be("siren");
        metadata["options"]!["firstOmega"]!.GetValue<double>().Should().Be(25);
        metadata["domain"]!["grid"]!.AsArray().Select(n => n!.GetValue<int>()).Should().Equal(4, 5);
    }

    [Fact]
    public void SaveNpz_ThenLoadSiren_GivesTheSameFunction()
    {
        using var scope = NewDisposeScope();
        using var siren = Siren();
        string path = Path.Combine(_folder, "a.npz");
        siren.SaveNpz(path);
        using var again = PerceptronImport.LoadSiren(path, new PerceptronImportOptions { FirstOmega = 25, HiddenOmega = 12 });
        Close.ShouldBeSame(again.Parameters.Flatten(), siren.Parameters.Flatten(), "θ");
    }

    [Fact]
    public void SaveSafeTensors_OfBatch_KeepsItsAxis()
    {
        using var scope = NewDisposeScope();
        using var siren = Siren();
        using var two = ParameterSet.Stack([siren.Parameters, siren.Parameters]);
        string path = Path.Combine(_folder, "a.safetensors");
        two.SaveSafeTensors(path);
        SafeTensors.Load(path)["0.weight"].shape.Should().Equal(2, 6, 2);
        two.SaveNpz(Path.Combine(_folder, "b.npz"));
        Npz.Load(Path.Combine(_folder, "b.npz"))["1.bias"].shape.Should().Equal(2, 6);
    }

    [Fact]
    public void SaveNpz_OfLearner_HoldsItsWeightsAndWhatTheyAre()
    {
        using var scope = NewDisposeScope();
        using var learner = TransInrImport.Load(Path.Combine(AppContext.BaseDirectory, "fixtures", "checkpoints", "plain.pth"));
        string path = Path.Combine(_folder, "a.npz");

        learner.SaveNpz(path);

        var arrays = Npz.Load(path);
        foreach (var weight in learner.Weights)
            Close.ShouldBeSame(arrays[weight.Name], weight.Tensor, weight.Name);
        arrays.Should().HaveCount(learner.Weights.Count + 1);
        var metadata = JsonNode.Parse(Encoding.UTF8.GetString(arrays["__metadata__"].data<byte>().ToArray()))!;
        metadata["learner"]!.GetValue<string>().Should().Be("transformer");
        metadata["target"]!.GetValue<string>().Should().Be("relu-mlp");
    }

    [PythonFact]
    public void PythonOfThePage_GivesTheNumbersOfTheRepresentation()
    {
        using var scope = NewDisposeScope();
        using var siren = Siren();
        siren.Save(Path.Combine(_folder, "photo.inr"));
        siren.SaveNpz(Path.Combine(_folder, "photo.npz"));
        var expected = siren.Render(4, 5).Values;
        string page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "file-formats.md"));
        string[] snippets = [.. PythonBlock().Matches(page).Select(m => m.Groups[1].Value)];

        snippets.Should().HaveCount(2, "one reads the .npz, the other the .inr");
        foreach (string snippet in snippets)
        {
            string printed = Run(snippet + "\nprint(*values.reshape(-1).tolist())\n");
            double[] numbers = [.. printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
            numbers.Should().HaveCount(4 * 5 * 3);
            numbers.Zip(expected.data<float>().ToArray(), (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-4);
        }
    }

    private static ImplicitRepresentation Siren()
    {
        var target = new Siren(2, 3, new SirenOptions { Width = 6, HiddenLayers = 1, FirstOmega = 25, HiddenOmega = 12, OutputOffset = 0.5 });
        using var generator = new Generator(4);
        return new ImplicitRepresentation(target, target.Initialize(generator), SignalDomain.Grid(4, 5));
    }

    private string Run(string code)
    {
        File.WriteAllText(Path.Combine(_folder, "read.py"), code);
        using var process = Process.Start(new ProcessStartInfo(PythonFactAttribute.Interpreter!, ["read.py"]) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, error);
        return output;
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
