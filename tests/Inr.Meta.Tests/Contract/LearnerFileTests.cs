using System.Text.Json.Nodes;
using Inr.Files;
using Inr.Meta.Tests.Gradient;
using Inr.Testing;

namespace Inr.Meta.Tests.Contract;

/// <summary>Files of learners: the plan is the learner's, streams hold what files hold, and a hostile one is refused before it costs anything.</summary>
public sealed class LearnerFileTests
{
    private const long Bounded = 64 << 20;

    [Theory, MemberData(nameof(LearnerKinds.Names), MemberType = typeof(LearnerKinds))]
    public void Plan_OfADescription_HasTheWeightsOfTheLearner(string name)
    {
        using var learner = LearnerKinds.Get(name);
        ShouldBePlanned(learner);
    }

    [Theory, MemberData(nameof(FamilyTable.Rows), MemberType = typeof(FamilyTable))]
    public void Plan_OfEveryMethod_HasTheWeightsOfTheLearner(string method, string target)
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target(target), FamilyTable.Method(method));
        ShouldBePlanned(learner);
    }

    [Theory, MemberData(nameof(LearnerKinds.Names), MemberType = typeof(LearnerKinds))]
    public void SaveAndLoad_Stream_HoldsTheBytesOfTheFileAndTheBitsOfTheWeights(string name)
    {
        string path = Path.GetTempFileName();
        try
        {
            using var learner = LearnerKinds.Get(name);
            using var stream = new MemoryStream();
            stream.Write([1, 2, 3]);
            learner.Save(stream);
            learner.Save(path);
            stream.ToArray()[3..].Should().Equal(File.ReadAllBytes(path));

            stream.Position = 3;
            using var loaded = MetaLearner.Load(stream);
            stream.CanRead.Should().BeTrue("the stream is the caller's");
            loaded.Weights.Select(w => w.Name).Should().Equal(learner.Weights.Select(w => w.Name));
            foreach (var (a, b) in loaded.Weights.Zip(learner.Weights))
                Close.ShouldBeSame(a.Tensor, b.Tensor, a.Name);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [MemoryFact]
    public void Load_FileThatAsksForMoreThanItHolds_IsRefusedBeforeItIsAllocated()
    {
        var peak = PeakMemory.Start();

        foreach (string file in (string[])["learner-outputs-maxint.learner", "learner-transformer-8gb.learner"])
            Refused(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "hostile", file)), "*tensor*");

        peak.Bytes.Should().BeLessThan(Bounded);
    }

    public static TheoryData<string, string, string> Changes() => new()
    {
        { "\"optimizeSteps\":0", "\"optimizeSteps\":2147483647", "*OptimizeSteps is 2147483647*between 0 and 1000000*" },
        { "\"samplesPerPass\":null", "\"samplesPerPass\":2147483647", "*SamplesPerPiece is 2147483647*" },
        { "\"innerSteps\":2", "\"innerSteps\":2,\"innerSteps\":3", "*innerSteps*twice*" },
        { "\"stepSizeRule\":\"Fixed\"", "\"stepSizeRule\":\"PerElement\"", "*missing: 'step_sizes'*" },
        { "\"adapt\":\"All\"", "\"adapt\":\"Latent\",\"x\":1", "*missing:*'map.weight'*unexpected: 'initial'*" },
        { "\"adapt\":\"All\"", "\"adapt\":\"\\u0007" + new string('a', 1000) + "\"", "*invalid: 'adapt' is '?aaa*...'; it must be one of *" },
        { "\"adaptedNames\":[]", "\"adaptedNames\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", "*not a JSON object*depth*" },
        { "\"seed\":0", "\"seed\":0,\"note\":\"" + new string('a', 1 << 20) + "\"", "*characters*at most 1048576*" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void Load_ChangedOptions_AreRefused(string old, string changed, string message)
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        string options = learner.Description.Options.ToJsonString();
        options.Should().Contain(old);

        Refused(Written(learner, options: options.Replace(old, changed, StringComparison.Ordinal)), message);
    }

    [Fact]
    public void Load_ChangedText_IsRefusedOnOneLine()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        Refused(Written(learner, version: "2"), "*version is 2*up to 1*Update*");
        Refused(Written(learner, version: "0"), "*version is '0', which does not exist*");
        Refused(Written(learner, version: "1\n"), "*does not exist*");
        Refused(Written(learner, kind: "oracle"), "*'oracle' is not known here; known are*gradient*");
        Refused(Written(learner, kind: "a\nb" + new string('c', 500)), "*'a?bccc*...' is not a name*");
        Refused(Written(learner, target: "siren\u001b[31m"), "*is not a name*");
        Refused(Written(learner, target: "oracle"), "*target function 'oracle' is not known*");
    }

    [Fact]
    public void Load_OtherTensors_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        long count = learner.Weights[0].Tensor.numel();
        Refused(Written(learner, tensors: []), "*missing: 'initial'; unexpected: none*");
        Refused(Written(learner, tensors: [new("initial", zeros(count)), new("a\tb", zeros(1))]), "*missing: none; unexpected: 'a?b'*");
        Refused(Written(learner, tensors: [new("initial", zeros(count + 1))]), $"*'initial' has the shape [{count + 1}], but*[{count}]*");
        Refused(Written(learner, tensors: [new("initial", zeros(count, dtype: ScalarType.Bool))]), "*'initial' is BOOL*F32 or F64*");
        Refused(Written(learner, tensors: [new("initial", full(count, float.PositiveInfinity))]), "*'initial' holds NaN or infinite*");
    }

    private static void ShouldBePlanned(IMetaLearner learner)
    {
        var description = learner.Description;
        var options = JsonNode.Parse(description.Options.ToJsonString())!.AsObject();
        var plan = MetaLearnerRegistry.Plan(description with { Options = options });
        plan.Weights.Select(s => s.Name).Should().Equal(learner.Weights.Select(w => w.Name));
        foreach (var weight in learner.Weights)
            plan.Weights[weight.Name].Shape.Should().Equal(weight.Tensor.shape);
    }

    private static byte[] Written(GradientMetaLearner learner, string version = "1", string kind = GradientMetaLearner.Kind, string? options = null, string? target = null, KeyValuePair<string, Tensor>[]? tensors = null)
    {
        var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors ?? [.. learner.Weights.Select(w => KeyValuePair.Create(w.Name, w.Tensor))],
        [
            new("inr.format_version", version),
            new("inr.learner", kind),
            new("inr.learner_options", options ?? learner.Description.Options.ToJsonString()),
            new("inr.target", target ?? learner.Target.Description.Kind),
            new("inr.options", learner.Target.Description.Options.ToJsonString()),
        ]);
        return stream.ToArray();
    }

    private static void Refused(byte[] file, string message) =>
        ((Action)(() => MetaLearner.Load(new MemoryStream(file)).Dispose())).Should().Throw<InrFileException>().WithMessage("Cannot read 'stream': " + message)
            .Which.Message.Should().NotContainAny("\n", "\u0007", "\u001b").And.Subject.Length.Should().BeLessThan(700);
}
