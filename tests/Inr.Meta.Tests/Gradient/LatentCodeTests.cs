using Inr.Files;
using Inr.Testing;

namespace Inr.Meta.Tests.Gradient;

/// <summary>φ alone, stored and decoded: exact, as long as the paper says, and of no use to another learner.</summary>
public sealed class LatentCodeTests
{
    private static readonly Dictionary<string, (Func<GradientMetaOptions> Method, long Numbers)> Methods = new()
    {
        ["cavia"] = (() => GradientMethods.Cavia(5), 5),
        ["functa"] = (() => GradientMethods.Functa(6), 6),
        ["coin++"] = (() => GradientMethods.CoinPlusPlus(7), 7),
        ["scales"] = (() => With(GradientMethods.Functa(6), o => o with { Modulation = Modulation.Scale }), 6),
        ["shifts and scales"] = (() => With(GradientMethods.Functa(6), o => o with { Modulation = Modulation.ShiftAndScale }), 6),
        ["functa, diverging"] = (() => With(GradientMethods.CoinPlusPlus(6), o => o with { StepSize = 1e6 }), 6),
        // The last layer of the 7-wide SIREN is 2×7 + 2 numbers.
        ["functa, solved layer"] = (() => With(GradientMethods.Functa(6), o => o with { SolveLinearPart = true }), 6 + 16),
        ["anil"] = (GradientMethods.Anil, 16),
        ["maml"] = (GradientMethods.Maml, (2 * 7) + 7 + (7 * 7) + 7 + 16),
    };

    public static TheoryData<string> Names => [.. Methods.Keys];

    [Theory, MemberData(nameof(Names))]
    public void FitLatent_SavedLoadedAndDecoded_IsTheRepresentationOfTheFit(string method)
    {
        using var learner = Learner(method);
        using var signal = new Training.TinyTasks(3).Load(2);
        using var expected = learner.Fit(signal);

        using var code = learner.FitLatent(signal);
        using var stream = new MemoryStream();
        code.Save(stream);
        stream.Position = 0;
        using var loaded = LatentCode.Load(stream);
        using var decoded = learner.Decode(loaded);

        (loaded.FloatCount, loaded.BitCount).Should().Be((Methods[method].Numbers, 32 * Methods[method].Numbers));
        Close.ShouldBeSame(loaded.Numbers, code.Numbers);
        (decoded.Domain, loaded.Learner).Should().Be((signal.Domain, code.Learner));
        for (int i = 0; i < decoded.Parameters.Layout.Count; i++)
            Close.ShouldBeSame(decoded.Parameters[i], expected.Representation.Parameters[i], decoded.Parameters.Layout[i].Name);
        using var a = decoded.Render();
        using var b = expected.Representation.Render();
        Close.ShouldBeSame(a.Values, b.Values);
    }

    [Fact]
    public void FitLatent_SavedAndDecoded_RendersAsFineAsTheSource()
    {
        using var learner = Learner("functa");
        using var task = new Training.TinyTasks(1).Load(0);
        using var signal = Signal.OnGrid(task.Values.clone(), task.Domain, task.Name, new SampleFormat(24, sampleRate: 8000));
        using var stream = new MemoryStream();

        using (var code = learner.FitLatent(signal))
            code.Save(stream);
        stream.Position = 0;
        using var loaded = LatentCode.Load(stream);
        using var decoded = learner.Decode(loaded);

        decoded.Format.Should().Be(signal.Format);
    }

    [Fact]
    public void FitLatent_Steps_AreThoseAskedFor()
    {
        using var learner = Learner("functa");
        using var signal = new Training.TinyTasks(1).Load(0);

        using var none = learner.FitLatent(signal, steps: 0);
        using var more = learner.FitLatent(signal, steps: 5);
        using var decoded = learner.Decode(more);

        none.Numbers.count_nonzero().item<long>().Should().Be(0, "the latent starts from zeros");
        using var fit = learner.Fit(signal, 5);
        Close.ShouldBeSame(decoded.Parameters[1], fit.Representation.Parameters[1]);
        ((Action)(() => learner.FitLatent(signal, -1))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => learner.FitLatent(signal, cancellationToken: new CancellationToken(true)))).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Decode_CodeOfAnotherLearner_IsRefused()
    {
        using var learner = Learner("functa");
        using var signal = new Training.TinyTasks(1).Load(0);
        using var code = learner.FitLatent(signal);
        using var stream = new MemoryStream();
        learner.Save(stream);

        stream.Position = 0;
        using var same = (GradientMetaLearner)MetaLearner.Load(stream);
        same.Decode(code).Dispose();
        same.Train(new Training.TinyTasks(2), new MetaTrainingOptions { Steps = 1 });
        ((Action)(() => same.Decode(code))).Should().Throw<ArgumentException>().WithMessage($"*belongs to the learner {code.Learner}, this one is*training it further*");
        using var scales = new GradientMetaLearner(FamilyTable.Target("siren"), Methods["scales"].Method());
        ((Action)(() => scales.Decode(code))).Should().Throw<ArgumentException>().WithMessage("*belongs to the learner*");
    }

    [Fact]
    public void WithNumbers_OtherNumbers_DecodeToAnotherRepresentation()
    {
        using var learner = Learner("functa");
        using var signal = new Training.TinyTasks(1).Load(0);
        using var code = learner.FitLatent(signal);

        using var rounded = code.WithNumbers((code.Numbers * 16).round() / 16);
        using var decoded = learner.Decode(rounded);
        using var same = code.WithNumbers(code.Numbers.clone());
        using var exact = learner.Decode(same);
        using var fit = learner.Fit(signal);

        Close.ShouldBeSame(exact.Parameters[1], fit.Representation.Parameters[1]);
        Close.RelativeError(decoded.Parameters[1], exact.Parameters[1]).Should().BeGreaterThan(0);
        ((Action)(() => code.WithNumbers(zeros(5)))).Should().Throw<ArgumentException>().WithMessage("*[6]*[5]*");
        ((Action)(() => code.WithNumbers(full(6, float.NaN)))).Should().Throw<ArgumentException>().WithMessage("*NaN*");
    }

    [Fact]
    public void Load_OtherOrDamagedFile_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var learner = Learner("functa");
        using var signal = new Training.TinyTasks(1).Load(0);
        using var fit = learner.Fit(signal);
        using var code = learner.FitLatent(signal);
        void Refused(Action<Stream> write, string message)
        {
            var stream = new MemoryStream();
            write(stream);
            stream.Position = 0;
            ((Action)(() => LatentCode.Load(stream))).Should().Throw<InrFileException>().WithMessage(message);
        }

        Dictionary<string, string> text = new() { ["inr.format_version"] = "1", ["inr.latent_of"] = code.Learner, ["inr.domain"] = code.Domain.ToJson().ToJsonString() };
        void Written(string message, string? key = null, string value = "", params KeyValuePair<string, Tensor>[] tensors) => Refused(
            s => SafeTensors.Write(s, tensors.Length == 0 ? [new("latent", code.Numbers)] : tensors, text.Select(p => p.Key == key ? new(p.Key, value) : p)), message);

        Refused(fit.Representation.Save, "*not a latent code*inr.latent_of*");
        Refused(learner.Save, "*not a latent code*");
        Refused(s => s.Write(new byte[7]), "*");
        Written("*version is 2*", "inr.format_version", "2");
        Written("*is not a name*", "inr.latent_of", "a\nb");
        Written("*domain is invalid*", "inr.domain", "{\"grid\":[2147483647,2147483647,2147483647]}");
        Written("*domain is*scattered*", "inr.domain", "{}");
        Written("*not a JSON object*", "inr.domain", "[]");
        Written("*one tensor*'latent'*", tensors: new KeyValuePair<string, Tensor>("latents", zeros(3)));
        Written("*one tensor*", tensors: [new("latent", zeros(3)), new("more", zeros(3))]);
        Written("*one axis*", tensors: new KeyValuePair<string, Tensor>("latent", zeros(3, 2)));
        Written("*F32 or F64*I64*", tensors: new KeyValuePair<string, Tensor>("latent", zeros(3, dtype: int64)));
        Written("*NaN*", tensors: new KeyValuePair<string, Tensor>("latent", full(3, float.NaN)));
    }

    [Fact]
    public void FitLatentAndDecode_LeaveNoTensor()
    {
        using var learner = Learner("functa, solved layer");
        using var signal = new Training.TinyTasks(1).Load(0);

        LiveTensors.ShouldStayFlat(() =>
        {
            using var code = learner.FitLatent(signal);
            learner.Decode(code).Dispose();
        });
    }

    // Trained a little, so that the map of the latent is not what every untrained learner has.
    private static GradientMetaLearner Learner(string method)
    {
        var learner = new GradientMetaLearner(FamilyTable.Target("siren"), Methods[method].Method());
        using var generator = new Generator(4);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var weight in learner.Weights.Where(w => w.IsTrained))
            weight.Tensor.add_(0.01 * randn(weight.Tensor.shape, generator: generator));
        return learner;
    }

    private static GradientMetaOptions With(GradientMetaOptions options, Func<GradientMetaOptions, GradientMetaOptions> change) => change(options);
}
