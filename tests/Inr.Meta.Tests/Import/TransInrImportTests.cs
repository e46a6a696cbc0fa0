using Inr.Files;
using Inr.Meta;
using Inr.Testing;
using Inr.Tests.Transformer;

namespace Inr.Tests.Import;

/// <summary>An official checkpoint gives the official pixels; anything else is refused with a list of what differs.</summary>
public sealed class TransInrImportTests
{
    [Fact]
    public void Load_OfCheckpoint_GivesOfficialPixels()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        using var learner = TransInrImport.Load(OfficialCase.Folder("ckpt_init.pth"));
        ShouldGiveOfficialPixels(learner, c);
        var stored = OfficialCase.Load("sd_init");
        foreach (var weight in learner.Weights)
            Close.ShouldBeSame(weight.Tensor, stored[weight.Name], weight.Name);
    }

    [Fact]
    public void Apply_OfNpzStateDict_GivesOfficialPixels()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        using var learner = new TransformerMetaLearner(c.Target, 32, c.Options, seed: 9);
        TransInrImport.Apply(learner, OfficialCase.Load("sd_init"));
        ShouldGiveOfficialPixels(learner, c);
    }

    [Fact]
    public void Apply_OfAnotherConfiguration_ListsWhatDiffersAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        using var learner = new TransformerMetaLearner(c.Target, 32, c.Options with { Depth = 3, WeightGroups = 4 });
        var before = learner.Weights[0].Tensor.clone();
        var state = OfficialCase.Load("sd_init").ToDictionary(p => p.Key, p => p.Value);
        state["extra.weight"] = zeros(2);
        var act = () => TransInrImport.Apply(learner, state, "a.npz");
        act.Should().Throw<InrFileException>().WithMessage("*a.npz*Missing: transformer_encoder.layers.2.0.norm.weight [64]*Unexpected: 'extra.weight' [2]*wtokens is [19,64] instead of [11,64]*");
        Close.ShouldBeSame(learner.Weights[0].Tensor, before);
    }

    [Fact]
    public void Load_OfTensorFile_SaysThatItIsNoCheckpoint()
    {
        using var file = new PthFile(PthFile.Pickle("}", "."));
        var act = () => TransInrImport.Load(file.Path);
        act.Should().Throw<InrFileException>().WithMessage("*no 'model'*");
    }

    [Fact]
    public void SaveAndLoad_OfImportedLearner_KeepsItsBits()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        string path = Path.GetTempFileName();
        using (var learner = TransInrImport.Load(OfficialCase.Folder("ckpt_init.pth")))
            learner.Save(path);
        using var loaded = MetaLearner.Load(path);
        File.Delete(path);
        ShouldGiveOfficialPixels((TransformerMetaLearner)loaded, c);
    }

    [Fact]
    public void Load_LeavesNoTensorBehind() =>
        LiveTensors.ShouldStayFlat(() => TransInrImport.Load(OfficialCase.Folder("ckpt_init.pth")).Dispose(), runs: 3);

    private static void ShouldGiveOfficialPixels(TransformerMetaLearner learner, OfficialCase c)
    {
        using var theta = learner.Adapt(c.Signals);
        using var _ = no_grad();
        var pixels = learner.Target.Evaluate(theta, c.Signals.Coordinates);
        (pixels - c.Io["pred"].reshape(2, 1024, 3)).abs().max().item<float>().Should().BeLessThan(2e-4f);
    }
}
