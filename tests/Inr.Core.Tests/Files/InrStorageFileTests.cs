using System.Text.Json.Nodes;
using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>Files whose tensors are kept as masks, codes and blobs: what is written, what comes back, and what is refused.</summary>
public sealed class InrStorageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InrStorageFileTests() => AffineTarget.Register();

    public void Dispose() => _folder.Dispose();

    // weight [3,2]: a mask and codes of 4 bits; bias [3]: a blob; code [2]: plain numbers.
    private static ImplicitRepresentation Representation()
    {
        using var scope = NewDisposeScope();
        var target = new AffineTarget(2, 3);
        using var dense = new ImplicitRepresentation(target, target.Initialize(), SignalDomain.Grid(4, 5));
        var mask = tensor(new[] { true, false, true, true, false, true }).reshape(3, 2);
        return dense.WithStorage((spec, t) => spec.Name switch
        {
            "weight" => TensorStorage.Masked(t, mask, v => TensorStorage.Quantized(v, 4)),
            "bias" => TensorStorage.EntropyCoded(t, 8),
            _ => TensorStorage.Dense(t),
        });
    }

    [Fact]
    public void Load_WhatSaveWrote_IsTheSameInEveryWay()
    {
        using var scope = NewDisposeScope();
        using var saved = Representation();
        saved.Save(_folder["f.inr"]);
        using var loaded = ImplicitRepresentation.Load(_folder["f.inr"]);

        loaded.Stored.Select(s => s.Kind).Should().Equal("masked", "entropy-coded", "dense");
        loaded.Stored.Select(s => s.ToString()).Should().Equal(saved.Stored.Select(s => s.ToString()));
        foreach (var (a, b) in loaded.Parameters.Tensors.Zip(saved.Parameters.Tensors))
            a.bytes.ToArray().Should().Equal(b.bytes.ToArray());
        // One word of mask, 4 codes, step, offset; 3 codes, step, offset; 2 numbers.
        loaded.FloatCount.Should().Be(1 + 4 + 2 + 3 + 2 + 2);
        loaded.BitCount.Should().Be(saved.BitCount);
        var x = rand([5, 2]);
        loaded.Evaluate(x).Equals(saved.Evaluate(x)).Should().BeTrue();
    }

    [Fact]
    public void Save_FollowsTheSpecification()
    {
        var (metadata, entries) = SafeTensorsSpec.Parse(Saved());
        metadata["inr.format_version"].Should().Be("2");
        metadata["inr.floats"].Should().Be("14");
        var bias = entries.Single(e => e.Name == "bias:blob");
        metadata["inr.bits"].Should().Be(((6 + (4 * 4) + 64) + ((8 * bias.Data.Length) + 64) + 64).ToString(System.Globalization.CultureInfo.InvariantCulture));
        JsonNode.DeepEquals(JsonNode.Parse(metadata["inr.storage"]), JsonNode.Parse("""
            {
              "weight": { "kind": "masked", "options": { "values": { "kind": "quantized", "options": { "bits": 4 } } }, "parts": [ "mask", "values.codes", "values.scale" ] },
              "bias": { "kind": "entropy-coded", "options": { "symbols": 3, "bits": 8 }, "parts": [ "blob", "scale" ] }
            }
            """)).Should().BeTrue(metadata["inr.storage"]);
        entries.Select(e => $"{e.Name} {e.DType} {string.Join('x', e.Shape)}").Should().Equal(
            "bias:scale F32 2", "code F32 2", "weight:values.scale F32 2", $"bias:blob U8 {bias.Data.Length}", "weight:mask U8 1", "weight:values.codes U8 2");
        // 1, 0, 1, 1, 0, 1 from the lowest bit up.
        entries.Single(e => e.Name == "weight:mask").Data.Should().Equal(0b101101);
        // A plain tensor is itself.
        entries.Single(e => e.Name == "code").Data.Should().Equal([.. BitConverter.GetBytes(16_777_215f), .. BitConverter.GetBytes(-3f)]);
    }

    [Fact]
    public void ReadInfo_SaysFloatsBitsAndKinds()
    {
        using var saved = Representation();
        saved.Save(_folder["f.inr"]);
        var info = InrFile.ReadInfo(_folder["f.inr"]);
        (info.Floats, info.Bits).Should().Be((saved.FloatCount, saved.BitCount));
        info.Storage.Should().Equal(new Dictionary<string, string> { ["weight"] = "masked", ["bias"] = "entropy-coded" });
    }

    public static TheoryData<string, string, string> BadStorage => new()
    {
        // What is replaced in the metadata, by what, and what the message says.
        { "\"quantized\"", "\"nebula\"", "'weight' cannot be decoded*'nebula' is not known here; known are *dense, entropy-coded, half, masked, quantized*StorageRegistry.Register" },
        { "\"entropy-coded\"", "\"nebula\"", "'bias' cannot be decoded*'nebula' is not known here; known are *dense, entropy-coded" },
        { "\"bits\":4", "\"bits\":0", "1 to 16 bits" },
        { "\"bits\":4", "\"bits\":17", "1 to 16 bits" },
        { "\"bits\":4", "\"bits\":-4", "1 to 16 bits" },
        { "\"bits\":4", "\"bits\":6", "codes have 2 bytes, but [4] has 4 numbers of 6 bits" },
        { "\"bits\":4", "\"bits\":1e99", "'quantized' is invalid" },
        { "\"bits\":4", "\"bits\":\"4\"", "'quantized' is invalid" },
        { "\"bits\":4", "\"bits\":null", "'bits' is missing" },
        { "\"bits\":4", "\"bit\":4", "'bits' is missing" },
        { "\"bits\":4", "\"bits\":{}", "'quantized' is invalid" },
        { "\"symbols\":3", "\"symbols\":1099511627776", "said to hold 1099511627776 codes, but [3] has 3 numbers" },
        { "\"symbols\":3", "\"symbols\":-3", "said to hold -3 codes" },
        { "\"symbols\":3", "\"symbols\":3.5", "'entropy-coded' is invalid" },
        { "\"symbols\":3,", "", "'symbols' is missing" },
        { "\"values\":{", "\"value\":{", "do not say how 'values' is stored" },
        { "\"mask\",", "", "unexpected: 'weight:mask'" },
        { "[\"mask\",", "[\"mask\",\"more\",", "missing: 'weight:more'" },
        { "[\"mask\",", "[\"mask\",7,", "a part of 'weight' has no name" },
        { "[\"mask\",", "[\"mask\",\"mask\",", "two tensors claim 'weight:mask'" },
        { "\"kind\":\"masked\",", "", "'weight' is not described" },
        { "\"kind\":\"masked\"", "\"kind\":7", "'weight' is not described" },
        { "\"kind\":\"masked\"", "\"kind\":\"a\\u000ab\"", "'weight' is not described" },
        { "\"weight\":{", "\"weights\":{", "unexpected:*'weights'" },
        { "\"bias\":{", "\"weight\":{", "'weight' occurs twice" },
    };

    [Theory, MemberData(nameof(BadStorage))]
    public void Load_BadDescription_SaysWhy(string part, string by, string expected) => Refused(
        Rewritten(metadata =>
        {
            metadata["inr.storage"].Should().Contain(part);
            int at = metadata["inr.storage"].IndexOf(part, StringComparison.Ordinal);
            metadata["inr.storage"] = metadata["inr.storage"].Remove(at, part.Length).Insert(at, by);
        }),
        expected);

    public static TheoryData<string, string?, string> BadMetadata => new()
    {
        { "inr.storage", "[]", "'inr.storage' is invalid" },
        { "inr.storage", "{", "'inr.storage' is invalid" },
        { "inr.storage", """{"weight":[]}""", "'weight' is not described" },
        { "inr.storage", null, "says that it has 14 numbers" },
        { "inr.bits", null, "lacks the metadata 'inr.bits'" },
        { "inr.bits", "12", "says that it has 12 bits, but its tensors hold" },
        { "inr.floats", "15", "says that it has 15 numbers, but its tensors hold 14" },
    };

    [Theory, MemberData(nameof(BadMetadata))]
    public void Load_BadMetadata_SaysWhy(string key, string? value, string expected) => Refused(
        Rewritten(metadata =>
        {
            metadata.Remove(key);
            if (value is not null)
                metadata[key] = value;
        }),
        expected);

    public static TheoryData<string, Func<Tensor, Tensor?>, string> BadParts => new()
    {
        { "weight:mask", _ => Bytes(0b111101), "codes have 2 bytes, but [5] has 5 numbers of 4 bits" },
        { "weight:mask", _ => Bytes(0b000101), "codes have 2 bytes, but [2] has 2 numbers of 4 bits" },
        { "weight:mask", _ => Bytes(0b1101101), "mask has bits set beyond its last number" },
        { "weight:mask", _ => Bytes(0b101101, 0), "mask has 2 bytes, but [3,2] has 6 numbers" },
        { "weight:mask", _ => Bytes(), "mask has 0 bytes" },
        { "weight:mask", t => t.to(ScalarType.Int32), "'mask' is Int32 [1]; it must be a list" },
        { "weight:mask", _ => null, "missing: 'weight:mask'" },
        { "weight:values.codes", _ => Bytes(1), "codes have 1 bytes" },
        { "weight:values.codes", _ => Bytes(1, 2, 3), "codes have 3 bytes" },
        { "weight:values.scale", t => t * float.NaN, "The step is a finite number above 0" },
        { "weight:values.scale", t => t * 0, "The step is a finite number above 0" },
        { "weight:values.scale", t => t * float.PositiveInfinity, "The step is a finite number above 0" },
        { "weight:values.scale", t => t * -1, "The step is a finite number above 0" },
        { "weight:values.scale", _ => tensor(new[] { 1f, float.NaN }), "The offset is a finite number" },
        { "weight:values.scale", _ => tensor(new[] { 3e38f, 0f }), "beyond float32" },
        { "weight:values.scale", t => t.to(ScalarType.Float64), "'scale' is Float64 [2]" },
        { "weight:values.scale", t => cat([t, t]), "'scale' is Float32 [4]" },
        { "bias:blob", t => t.narrow(0, 0, t.numel() - 1), "ends before its last code" },
        { "bias:blob", _ => Bytes(), "cannot hold 3 codes" },
        { "bias:blob", t => cat([t, Bytes(0)]), "beyond its last code" },
        { "bias:more", _ => Bytes(1), "unexpected: 'bias:more'" },
        { "code", t => t * float.NaN, "'code' holds NaN" },
        { "code", t => t.to(ScalarType.Float16), "'code' is F16; all tensors of an .inr file must be F32, or all F64" },
        { "code", t => t.to(ScalarType.Float64), "all must decode to one type" },
    };

    [Theory, MemberData(nameof(BadParts))]
    public void Load_BadPart_SaysWhy(string name, Func<Tensor, Tensor?> change, string expected)
    {
        using var scope = NewDisposeScope();
        Refused(Rewritten(parts: parts =>
        {
            var changed = change(parts.TryGetValue(name, out var part) ? part : Bytes());
            parts.Remove(name);
            if (changed is not null)
                parts[name] = changed;
        }), expected);
    }

    [Fact]
    public void Load_PartThatNobodyUses_IsRefused()
    {
        using var scope = NewDisposeScope();
        Refused(Rewritten(
            metadata => metadata["inr.storage"] = metadata["inr.storage"].Replace("\"blob\"", "\"blob\",\"more\"", StringComparison.Ordinal),
            parts => parts["bias:more"] = Bytes(1)), "parts that it does not use: 'more'");
    }

    [Theory]
    [InlineData("masked", """{"values":{"kind":"dense","options":{}}}""", "mask,values")]
    [InlineData("quantized", """{"bits":1}""", "codes,scale")]
    [InlineData("entropy-coded", """{"bits":1,"symbols":1099511627776}""", "blob,scale")]
    [InlineData("half", "{}", "")]
    [InlineData("dense", "{}", "")]
    public void Load_ClaimOfATerabyte_IsRefusedWithoutMemory(string kind, string options, string parts)
    {
        using var scope = NewDisposeScope();
        HugeTarget.Register();
        var storage = new JsonObject { ["huge"] = new JsonObject { ["kind"] = kind, ["options"] = JsonNode.Parse(options), ["parts"] = new JsonArray([.. parts.Split(',').Select(p => JsonValue.Create(p))]) } };
        var tensors = parts.Split(',').ToDictionary(p => p.Length == 0 ? "huge" : $"huge:{p}", p => p switch
        {
            "scale" => tensor(new[] { 1f }),
            "values" or "" => zeros(1000),
            _ => zeros(1000, ScalarType.Byte),
        });
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors, new Dictionary<string, string>
        {
            ["inr.format_version"] = "2",
            ["inr.target"] = HugeTarget.Kind,
            ["inr.options"] = "{}",
            ["inr.domain"] = """{"scattered":1}""",
            ["inr.floats"] = "1",
            ["inr.bits"] = "1",
            ["inr.storage"] = storage.ToJsonString(),
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(stream.ToArray(), "'huge'");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000_000);
    }

    [Fact]
    public void Load_RefusedFiles_LeaveNoTensor()
    {
        byte[] bad = Rewritten(metadata => metadata["inr.floats"] = "15");
        Testing.LiveTensors.ShouldStayFlat(() => ((Action)(() => ImplicitRepresentation.Load(new MemoryStream(bad)))).Should().Throw<InrFileException>());
        byte[] good = Saved();
        Testing.LiveTensors.ShouldStayFlat(() => ImplicitRepresentation.Load(new MemoryStream(good)).Dispose());
    }

    [Fact]
    public void Parameters_OfStoredOnes_AreDecodedOnceAndKept()
    {
        using var representation = Representation();
        representation.Parameters.Should().BeSameAs(representation.Parameters);
        representation.Invoking(r => r.WithStorage((_, _) => null!)).Should().Throw<ArgumentException>().WithMessage("*'weight' is null*");
        representation.Invoking(r => r.WithStorage((_, t) => TensorStorage.Dense(t.reshape(-1)))).Should().Throw<ArgumentException>().WithMessage("*'weight' decodes to [6]*[3,2]*");
    }

    internal static byte[] Saved()
    {
        using var representation = Representation();
        using var stream = new MemoryStream();
        representation.Save(stream);
        return stream.ToArray();
    }

    private static Tensor Bytes(params byte[] values) => tensor(values);

    private static byte[] Rewritten(Action<Dictionary<string, string>>? metadata = null, Action<Dictionary<string, Tensor>>? parts = null)
    {
        using var scope = NewDisposeScope();
        using var reader = new SafeTensorsReader(new MemoryStream(Saved()));
        var text = new Dictionary<string, string>(reader.Metadata);
        var numbers = new Dictionary<string, Tensor>(reader.ReadAll());
        metadata?.Invoke(text);
        parts?.Invoke(numbers);
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, numbers, text);
        return stream.ToArray();
    }

    private static void Refused(byte[] file, string expected)
    {
        ((Action)(() => ImplicitRepresentation.Load(new MemoryStream(file)).Dispose())).Should().Throw<InrFileException>().WithMessage($"*{expected}*").Which.Message.Should().NotContain("\n");
    }

    /// <summary>A layout of 2^40 numbers, as hostile options can ask for.</summary>
    private sealed class HugeTarget : ITargetFunction
    {
        internal const string Kind = "test-huge";

        public int InputDimension => 1;

        public int OutputDimension => 1;

        public ParameterLayout Layout { get; } = new([new("huge", [1 << 20, 1 << 20], ParameterRole.Weight)]);

        public TargetDescription Description => new(Kind, new JsonObject());

        internal static void Register() => TargetRegistry.Register(Kind, _ => new HugeTarget());

        public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => coordinates.clone();
    }
}
