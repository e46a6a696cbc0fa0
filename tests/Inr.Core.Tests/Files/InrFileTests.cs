using System.Text.Json.Nodes;
using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

public sealed class InrFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InrFileTests() => AffineTarget.Register();

    public static TheoryData<string, string?, string> BadMetadata => new()
    {
        { "inr.format_version", null, "not an .inr file: it lacks the metadata 'inr.format_version'" },
        { "inr.format_version", "3", "format version 3, and this library reads versions up to 2. Update the library." },
        { "inr.format_version", "0", "version 0 does not exist" },
        { "inr.format_version", "-1", "'inr.format_version' is '-1'" },
        { "inr.format_version", "1e0", "'inr.format_version' is '1e0'" },
        { "inr.format_version", "99999999999999999999", "not a whole number" },
        { "inr.target", null, "lacks the metadata 'inr.target'" },
        { "inr.target", "no-such-target", "'no-such-target' is not known here; known are*test-affine" },
        { "inr.target", "a\nb", "'a?b' is not a name" },
        { "inr.options", null, "lacks the metadata 'inr.options'" },
        { "inr.options", "[]", "not an object" },
        { "inr.options", "{", "'inr.options' is invalid" },
        { "inr.options", "{}", "options of the target function 'test-affine' are invalid" },
        { "inr.options", """{"inputs":2,"outputs":"3"}""", "options of the target function 'test-affine' are invalid" },
        { "inr.options", """{"inputs":2,"outputs":-3}""", "options of the target function 'test-affine' are invalid" },
        { "inr.options", """{"inputs":2,"outputs":1e99}""", "options of the target function 'test-affine' are invalid" },
        { "inr.options", """{"inputs":2,"outputs":4}""", "shape [3], but its target function needs [4]" },
        { "inr.options", """{"inputs":1,"outputs":3}""", "shape [3,2], but its target function needs [3,1]" },
        { "inr.options", """{"inputs":2,"inputs":2,"outputs":3}""", "'inputs' occurs twice" },
        { "inr.options", """{"a":{"b":1,"b":2}}""", "'b' occurs twice" },
        { "inr.options", """{"\ud800":1}""", "not valid Unicode" },
        { "inr.options", "{\"a\":[[[[[[[[[[[[[[[[[[[[", "'inr.options' is invalid" },
        { "inr.domain", null, "lacks the metadata 'inr.domain'" },
        { "inr.domain", "{}", "its domain is neither" },
        { "inr.domain", """{"grid":[4,5],"scattered":2}""", "its domain is neither" },
        { "inr.domain", """{"grid":[]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[4,0]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[4,-5]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[4,null]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[4,{}]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[4,5.5]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[2147483647,2147483647,2147483647]}""", "its domain is invalid" },
        { "inr.domain", """{"grid":[1,1,1,1,1,1,1,1,1]}""", "its domain is neither" },
        { "inr.domain", """{"scattered":9}""", "its domain is invalid" },
        { "inr.domain", """{"scattered":3}""", "takes 2 coordinates, but its domain is scattered in 3-D" },
        { "inr.floats", null, "lacks the metadata 'inr.floats'" },
        { "inr.floats", "12", "says that it has 12 numbers, but its tensors hold 11" },
        { "inr.floats", "eleven", "'inr.floats' is 'eleven'" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Load_WhatSaveWrote_IsBitExact(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var saved = Representation(type: type);
        saved.Save(_folder["f.inr"]);
        using var loaded = ImplicitRepresentation.Load(_folder["f.inr"]);

        loaded.Target.Should().BeOfType<AffineTarget>().Which.Layout.IsCompatibleWith(saved.Target.Layout).Should().BeTrue();
        loaded.Domain.Should().Be(saved.Domain);
        loaded.FloatCount.Should().Be(11);
        foreach (var (a, b) in loaded.Parameters.Tensors.Zip(saved.Parameters.Tensors))
        {
            a.dtype.Should().Be(type);
            a.bytes.ToArray().Should().Equal(b.bytes.ToArray());
        }

        var x = rand([5, 2], type);
        loaded.Evaluate(x).Equals(saved.Evaluate(x)).Should().BeTrue();
    }

    [Theory]
    [InlineData("x.png")]
    [InlineData("x.JPG")]
    [InlineData("x.wav")]
    [InlineData("x.npy")]
    [InlineData("x.json")]
    public void Save_UnderTheNameOfAnotherFormat_IsRefused_AndWritesNothing(string name)
    {
        using var representation = Representation();
        string path = _folder[name];
        var act = () => representation.Save(path);
        act.Should().Throw<ArgumentException>().WithMessage($"*{name}*would be a representation*");
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void Load_StreamAfterOtherData_ReadsItAndLeavesItOpen()
    {
        using var saved = Representation(SignalDomain.Scattered(2));
        using var stream = new MemoryStream();
        stream.Write("before"u8);
        saved.Save(stream);
        stream.Position = 6;
        using var loaded = ImplicitRepresentation.Load(stream);
        loaded.Domain.Should().Be(SignalDomain.Scattered(2));
        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public void Load_InsideAScope_OutlivesItAndLeavesNoTensorBehind()
    {
        byte[] file = Saved();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ImplicitRepresentation loaded;
        using (NewDisposeScope())
            loaded = ImplicitRepresentation.Load(new MemoryStream(file));
        loaded.Parameters["bias"].IsInvalid.Should().BeFalse();
        loaded.Dispose();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
    }

    [Fact]
    public void Save_Representation_FollowsTheSpecification()
    {
        var (metadata, entries) = SafeTensorsSpec.Parse(Saved());
        metadata["inr.format_version"].Should().Be("2");
        metadata["inr.target"].Should().Be("test-affine");
        JsonNode.DeepEquals(JsonNode.Parse(metadata["inr.options"]), JsonNode.Parse("""{"inputs":2,"outputs":3}""")).Should().BeTrue();
        metadata["inr.domain"].Should().Be("""{"grid":[4,5]}""");
        metadata["inr.floats"].Should().Be("11");
        metadata["inr.generator"].Should().MatchRegex(@"^Inr \d+\.\d+\.\d+$");
        entries.Select(e => $"{e.Name} {e.DType} {string.Join('x', e.Shape)}").Should().Equal("bias F32 3", "code F32 2", "weight F32 3x2");
        entries[1].Data.Should().Equal([.. BitConverter.GetBytes(16_777_215f), .. BitConverter.GetBytes(-3f)]);
    }

    [Fact]
    public void ReadInfo_File_SaysWhatItHolds()
    {
        byte[] file = Saved();
        File.WriteAllBytes(_folder["f.inr"], Saved());
        var info = InrFile.ReadInfo(_folder["f.inr"]);
        info.FormatVersion.Should().Be(2);
        info.Kind.Should().Be("test-affine");
        info.Options["outputs"]!.GetValue<int>().Should().Be(3);
        info.Domain.Should().Be(SignalDomain.Grid(4, 5));
        info.Floats.Should().Be(11);
        info.Bits.Should().Be(11 * 32);
        info.Storage.Should().BeEmpty();
        info.StoredBytes.Should().Be(file.Length);
        info.WrittenBy.Should().StartWith("Inr ");
        info.Tensors.Select(t => t.ToString()).Should().Equal("bias F32 [3]", "code F32 [2]", "weight F32 [3,2]");
    }

    [Fact]
    public void ReadInfo_KindThatIsNotRegistered_StillAnswers()
    {
        File.WriteAllBytes(_folder["f.inr"], Rewritten(metadata => metadata["inr.target"] = "no-such-target"));
        InrFile.ReadInfo(_folder["f.inr"]).Kind.Should().Be("no-such-target");
    }

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public void Load_BadMetadata_SaysWhy(string key, string? value, string expected)
    {
        byte[] file = Rewritten(metadata =>
        {
            metadata.Remove(key);
            if (value is not null)
                metadata[key] = value;
        });
        Loading(file).Should().Throw<InrFileException>().WithMessage($"Cannot read 'stream': *{expected}*").Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void Load_MissingAndUnexpectedTensors_ListsThem()
    {
        using var scope = NewDisposeScope();
        byte[] file = Rewritten(tensors: tensors =>
        {
            tensors["weights"] = tensors["weight"];
            tensors.Remove("weight");
        });
        Loading(file).Should().Throw<InrFileException>().WithMessage("*missing: 'weight'; unexpected: 'weights'.");
    }

    [Theory]
    [InlineData(ScalarType.Int64, "'bias' is I64")]
    [InlineData(ScalarType.Float16, "'bias' is F16")]
    [InlineData(ScalarType.Float64, "all tensors of an .inr file must be F32, or all F64")]
    public void Load_WrongDtype_SaysWhichTensor(ScalarType type, string expected)
    {
        using var scope = NewDisposeScope();
        Loading(Rewritten(tensors: tensors => tensors["bias"] = tensors["bias"].to(type))).Should().Throw<InrFileException>().WithMessage($"*{expected}*");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void SaveAndLoad_NonFiniteNumbers_AreRefused(float bad)
    {
        using var scope = NewDisposeScope();
        File.WriteAllText(_folder["f.inr"], "old");
        using var diverged = Representation();
        diverged.Parameters["weight"][1, 1] = tensor(bad);
        diverged.Invoking(r => r.Save(_folder["f.inr"])).Should().Throw<InrException>().WithMessage("*'weight': it holds NaN or infinite*");
        File.ReadAllText(_folder["f.inr"]).Should().Be("old");
        Loading(Rewritten(tensors: tensors => tensors["bias"][0] = tensor(bad))).Should().Throw<InrFileException>().WithMessage("*'bias' holds NaN or infinite*");
    }

    [Fact]
    public void Save_TypeThatFilesDoNotHold_IsRefused()
    {
        using var half = Representation(type: ScalarType.BFloat16);
        half.Invoking(r => r.Save(Stream.Null)).Should().Throw<InrException>().WithMessage("*'weight': it is BFloat16*ParameterSet.To*");
    }

    [Fact]
    public void Save_WhereNothingCanBeWritten_SaysWhy()
    {
        using var saved = Representation();
        saved.Invoking(r => r.Save(Path.Combine(_folder["none"], "f.inr"))).Should().Throw<InrFileException>().WithMessage("*does not exist*");
    }

    private static ImplicitRepresentation Representation(SignalDomain? domain = null, ScalarType type = ScalarType.Float32)
    {
        var target = new AffineTarget(2, 3);
        using var initial = target.Initialize();
        return new ImplicitRepresentation(target, initial.To(type), domain ?? SignalDomain.Grid(4, 5));
    }

    private static byte[] Saved()
    {
        using var representation = Representation();
        using var stream = new MemoryStream();
        representation.Save(stream);
        return stream.ToArray();
    }

    private static byte[] Rewritten(Action<Dictionary<string, string>>? metadata = null, Action<Dictionary<string, Tensor>>? tensors = null)
    {
        using var scope = NewDisposeScope();
        using var reader = new SafeTensorsReader(new MemoryStream(Saved()));
        var text = new Dictionary<string, string>(reader.Metadata);
        var numbers = new Dictionary<string, Tensor>(reader.ReadAll());
        metadata?.Invoke(text);
        tensors?.Invoke(numbers);
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, numbers, text);
        return stream.ToArray();
    }

    private static Action Loading(byte[] file) => () => ImplicitRepresentation.Load(new MemoryStream(file)).Dispose();
}
