using Inr.Files;
using Inr.Meta;
using Inr.Testing;

namespace Inr.Tests.Import;

/// <summary>One small Trans-INR checkpoint as different trainers save it: the same learner comes out of each.</summary>
public sealed class CheckpointVariantTests
{
    [Theory]
    [InlineData("dataparallel.pth", "removed from its names: 'module.'; not read: ")]
    [InlineData("protocol4.pth", "")]
    [InlineData("legacy.pth", "")]
    public void Load_OfVariant_GivesTheSameWeights(string name, string said)
    {
        using var plain = TransInrImport.Load(Fixture("plain.pth"));
        using var learner = TransInrImport.Load(Fixture(name), null, out var notes);
        foreach (var (a, b) in learner.Weights.Zip(plain.Weights))
            Close.ShouldBeSame(a.Tensor, b.Tensor, a.Name);
        notes.ToString().Should().Be(said.Length == 0 ? Unread() : said.Replace("not read: ", Unread()));
    }

    [Theory]
    [InlineData("plain.pth", 8.8825)]
    [InlineData("dataparallel.pth", 8.8825)]
    [InlineData("protocol4.pth", 8.8825)]
    [InlineData("legacy.pth", 8.8825)]
    [InlineData("half.pth", 8.8815)]
    public void Fit_OfImportedLearner_HasTheKnownPsnr(string name, double psnr)
    {
        using var learner = TransInrImport.Load(Fixture(name), null, out var notes);
        var options = new ImageLoadOptions { Channels = 3, Size = ImageSize.Square(learner.ImageSize!.Value), CenterCrop = true };
        using var image = ImageSignal.Load(Fixture("upright.png"), options);
        using var fit = learner.Fit(image);
        fit.Psnr.Should().BeApproximately(psnr, 0.002);
        notes.ConvertedTypes.Should().Equal(name == "half.pth" ? ["Float16"] : []);
    }

    [Fact]
    public void Load_LeavesNoTensorBehind() => LiveTensors.ShouldStayFlat(() =>
    {
        TransInrImport.Load(Fixture("legacy.pth")).Dispose();
        TransInrImport.Load(Fixture("half.pth")).Dispose();
    }, runs: 3);

    [Fact]
    public void Apply_OfNamesInWrappers_SaysWhatItRemoved()
    {
        using var scope = NewDisposeScope();
        using var plain = TransInrImport.Load(Fixture("plain.pth"));
        using var learner = TransInrImport.Load(Fixture("plain.pth"));
        var state = plain.Weights.ToDictionary(w => "_orig_mod.module." + w.Name, w => w.Tensor * 2);

        var notes = TransInrImport.Apply(learner, state);

        notes.RemovedPrefixes.Should().Equal("_orig_mod.", "module.");
        foreach (var (a, b) in learner.Weights.Zip(plain.Weights))
            Close.ShouldBeSame(a.Tensor, b.Tensor * 2, a.Name);
    }

    [Theory]
    [InlineData("module.a,module.b", "a,b", "module.")]
    [InlineData("module.module.a", "a", "module.")]
    [InlineData("module.a,b", "module.a,b", "")]
    [InlineData("module", "module", "")]
    [InlineData("_orig_mod.a", "a", "_orig_mod.")]
    [InlineData("net._orig_mod.0.weight,net.1.weight", "net.0.weight,net.1.weight", "_orig_mod.")]
    [InlineData("module._orig_mod.a,_orig_mod.module.b", "a,b", "_orig_mod.,module.")]
    [InlineData("_fsdp_wrapped_module.a", "a", "_fsdp_wrapped_module.")]
    [InlineData("a._orig_mod", "a._orig_mod", "")]
    public void Unwrap_RemovesWhatWrappersPut(string names, string plain, string removed)
    {
        string[] stored = names.Split(',');
        var result = StateNames.Unwrap(stored, out var found);
        result.Keys.Should().Equal(plain.Split(','));
        result.Values.Should().Equal(stored);
        string.Join(',', found).Should().Be(removed);
    }

    [Fact]
    public void Unwrap_OfNamesThatMeet_IsRefused() =>
        FluentActions.Invoking(() => StateNames.Unwrap(["a", "_orig_mod.a"], out _)).Should().Throw<FormatException>().WithMessage("*'a'*'_orig_mod.a'*same weight*");

    // What else the checkpoint of this fixture holds.
    private static string Unread()
    {
        using var archive = TorchArchive.Open(Fixture("plain.pth"));
        var others = ((PickledDictionary)archive.Root!).Keys.Where(k => k is not "model").Select(k => $"{k}").ToArray();
        return others.Length == 0 ? "" : "not read: " + string.Join(", ", others);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "checkpoints", name);
}
