using Inr.Files;
using Inr.Meta.Tests.Gradient;
using Inr.Meta.Tests.Training;
using Microsoft.Extensions.Options;

namespace Inr.Meta.Tests.Interchange;

/// <summary>Whatever is saved, its name does not promise another format.</summary>
public sealed class FileNameTests : IDisposable
{
    // What is saved, with a name of its own kind.
    private static readonly Dictionary<string, (string Own, Action<string> Save)> Writers = new()
    {
        ["representation"] = ("f.inr", path => With(r => r.Save(path))),
        ["parameters, arrays"] = ("f.npz", path => With(r => r.Parameters.SaveNpz(path))),
        ["parameters, tensors"] = ("f.safetensors", path => With(r => r.Parameters.SaveSafeTensors(path))),
        ["representation, arrays"] = ("f.npz", path => With(r => r.SaveNpz(path))),
        ["learner"] = ("f.learner", path => With(GradientMethods.Maml(), learner => learner.Save(path))),
        ["learner, arrays"] = ("f.npz", path => With(GradientMethods.Maml(), learner => learner.SaveNpz(path))),
        ["latent code"] = ("f.safetensors", path => With(GradientMethods.Cavia(5), learner => SaveCode(learner, path))),
        ["tensors"] = ("f.safetensors", path => With(r => SafeTensors.Save(path, Named(r)))),
        ["array"] = ("f.npy", path => With(r => Npy.Save(path, r.Parameters[0]))),
        ["arrays"] = ("f.npz", path => With(r => Npz.Save(path, Named(r)))),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("inr-names").FullName;

    public static TheoryData<string> Names => [.. Writers.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Names))]
    public void Save_UnderTheEndingOfAnotherFormat_IsRefusedAndLeavesNothing(string what)
    {
        foreach (string ending in new[] { ".png", ".JPG", ".wav", ".json", ".html", ".pth" })
        {
            string path = Path.Combine(_folder, "f" + ending);
            FluentActions.Invoking(() => Writers[what].Save(path)).Should().Throw<ArgumentException>(ending).WithMessage($"*ends in '{ending}'*Name it otherwise*");
        }

        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void Save_UnderItsOwnEndingAnUnknownOneOrNone_Works(string what)
    {
        string[] names = [Writers[what].Own, "f", "f.v2", "f.of-mine"];
        foreach (string name in names)
            Writers[what].Save(Path.Combine(_folder, name));
        Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Should().BeEquivalentTo(names);
    }

    [Fact]
    public void Train_CheckpointUnderAnotherEnding_IsRefusedBeforeAnyStep()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        var options = new MetaTrainingOptions { Steps = 1, CheckpointPath = Path.Combine(_folder, "run.png") };
        learner.Invoking(l => l.Train(new TinyTasks(2), options)).Should().Throw<OptionsValidationException>().WithMessage("*CheckpointPath*run.png*.safetensors*");
        learner.Train(new TinyTasks(2), options with { CheckpointPath = Path.Combine(_folder, "run.checkpoint") }).Steps.Should().Be(1);
    }

    private static void With(Action<ImplicitRepresentation> save)
    {
        var target = FamilyTable.Target("siren");
        using var generator = new Generator(1);
        using var representation = new ImplicitRepresentation(target, target.Initialize(generator), SignalDomain.Grid(3, 4));
        save(representation);
    }

    private static void With(GradientMetaOptions method, Action<GradientMetaLearner> save)
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), method);
        save(learner);
    }

    private static void SaveCode(GradientMetaLearner learner, string path)
    {
        using var signal = new TinyTasks(1).Load(0);
        using var code = learner.FitLatent(signal);
        code.Save(path);
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(ImplicitRepresentation representation) =>
        representation.Parameters.Layout.Zip(representation.Parameters.Tensors, (spec, tensor) => KeyValuePair.Create(spec.Name, tensor));
}
