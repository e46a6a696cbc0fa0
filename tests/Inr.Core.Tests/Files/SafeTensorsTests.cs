using System.Text;
using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

public sealed class SafeTensorsTests
{
    [Fact]
    public void Write_AllTypes_FollowsTheSpecification()
    {
        using var scope = NewDisposeScope();
        var (metadata, entries) = SafeTensorsSpec.Parse(Written(new()
        {
            ["flag"] = tensor(new[] { true, false, true }),
            ["byte"] = tensor(new byte[] { 0, 255 }),
            ["sbyte"] = tensor(new sbyte[] { -128, 127 }),
            ["short"] = tensor(new short[] { -2, 258 }),
            ["int"] = tensor(new[] { -2, 1 << 24 }),
            ["long"] = tensor(new[] { -2L, 1L << 40 }),
            ["half"] = tensor(new[] { 1f, -2f }).to(ScalarType.Float16),
            ["brain"] = tensor(new[] { 1f, -2f }).to(ScalarType.BFloat16),
            ["b.single"] = tensor(new[] { 1f, -2f, 0.5f, float.NaN }).reshape(2, 2),
            ["a.single"] = tensor(3f),
            ["double"] = tensor(new[] { 1d }),
            ["empty"] = zeros(0, 3),
        }, new() { ["z"] = "last", ["a"] = "ä\"\n" }));

        metadata.Should().Equal(new Dictionary<string, string> { ["a"] = "ä\"\n", ["z"] = "last" });
        entries.Select(e => $"{e.Name} {e.DType} {string.Join('x', e.Shape)} {Convert.ToHexString(e.Data)}").Should().Equal(
            "long I64 2 FEFFFFFFFFFFFFFF0000000000010000",
            "double F64 1 000000000000F03F",
            "a.single F32  00004040",
            $"b.single F32 2x2 0000803F000000C00000003F{Convert.ToHexString(BitConverter.GetBytes(float.NaN))}",
            "empty F32 0x3 ",
            "int I32 2 FEFFFFFF00000001",
            "brain BF16 2 803F00C0",
            "half F16 2 003C00C0",
            "short I16 2 FEFF0201",
            "sbyte I8 2 807F",
            "byte U8 2 00FF",
            "flag BOOL 3 010001");
    }

    [Fact]
    public void Write_OneTensor_GivesTheseBytes()
    {
        using var scope = NewDisposeScope();
        string header = """{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""";
        byte[] expected = [56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header.PadRight(56)), 7, 9];
        Written(new() { ["x"] = tensor(new byte[] { 7, 9 }) }).Should().Equal(expected);
    }

    [Fact]
    public void Write_StridedTensor_StoresRowMajorOrder()
    {
        using var scope = NewDisposeScope();
        var (_, entries) = SafeTensorsSpec.Parse(Written(new() { ["t"] = tensor(new byte[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3).t() }));
        entries[0].Shape.Should().Equal(3, 2);
        entries[0].Data.Should().Equal(1, 4, 2, 5, 3, 6);
    }

    [Fact]
    public void Write_NamesBeyondTheBasicPlane_SortsByUtf8Bytes()
    {
        using var scope = NewDisposeScope();
        // In UTF-16 the surrogates of the second name (D83D) come before FF5E; in UTF-8 (F0 > EF) after it.
        var (_, entries) = SafeTensorsSpec.Parse(Written(new() { ["\U0001F600"] = zeros(1), ["\uFF5E"] = zeros(1) }));
        entries.Select(e => e.Name).Should().Equal("\uFF5E", "\U0001F600");
    }

    [Fact]
    public void Load_WhatSaveWrote_IsBitExact()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var saved = new Dictionary<string, Tensor>
        {
            ["single"] = tensor(new[] { float.NaN, -0f, float.NegativeInfinity, float.Epsilon }),
            ["double"] = randn(3, 5, ScalarType.Float64, generator: random),
            ["half"] = randn(4, generator: random).to(ScalarType.Float16),
            ["brain"] = randn(4, generator: random).to(ScalarType.BFloat16),
            ["long"] = tensor(new[] { long.MinValue, long.MaxValue }),
            ["int"] = tensor(new[] { int.MinValue, int.MaxValue }),
            ["short"] = tensor(new[] { short.MinValue, short.MaxValue }),
            ["sbyte"] = tensor(new[] { sbyte.MinValue, sbyte.MaxValue }),
            ["byte"] = tensor(new byte[] { 0, 255 }),
            ["flag"] = tensor(new[] { true, false }).reshape(1, 2),
            ["scalar"] = tensor(2.5),
            ["empty"] = zeros(2, 0, 3),
        };
        SafeTensors.Save(folder["t.safetensors"], saved);

        var loaded = SafeTensors.Load(folder["t.safetensors"]);

        loaded.Keys.Should().BeEquivalentTo(saved.Keys);
        foreach (var (name, tensor) in loaded)
        {
            tensor.dtype.Should().Be(saved[name].dtype);
            tensor.shape.Should().Equal(saved[name].shape);
            tensor.bytes.ToArray().Should().Equal(saved[name].bytes.ToArray(), name);
        }
    }

    [Fact]
    public void Reader_OneOfManyTensors_ReadsOnlyItsBytes()
    {
        using var scope = NewDisposeScope();
        byte[] file = Written(new() { ["a"] = zeros(1000), ["b"] = tensor(new[] { 1f, 2f }), ["c"] = zeros(1000) }, new() { ["k"] = "v" });
        using var stream = new CountingStream(file);
        using var reader = new SafeTensorsReader(stream);
        long header = stream.BytesRead;

        reader.Metadata.Should().Contain("k", "v");
        reader.Entries.Select(e => e.ToString()).Should().Equal("a F32 [1000]", "b F32 [2]", "c F32 [1000]");
        stream.BytesRead.Should().Be(header);
        reader.Read("b").data<float>().ToArray().Should().Equal(1f, 2f);
        (stream.BytesRead - header).Should().Be(8);
    }

    [Fact]
    public void Reader_StreamThatCannotSeekAndStartsLater_ReadsIt()
    {
        using var scope = NewDisposeScope();
        byte[] file = Written(new() { ["x"] = tensor(new byte[] { 7, 9 }) });
        using var shifted = new MemoryStream([1, 2, 3, .. file]) { Position = 3 };
        using (var reader = new SafeTensorsReader(shifted, leaveOpen: true))
            reader.Read("x").bytes.ToArray().Should().Equal(7, 9);
        shifted.CanRead.Should().BeTrue();
        using var pipe = new CountingStream(file, canSeek: false);
        using (var reader = new SafeTensorsReader(pipe))
            reader.Read("x").bytes.ToArray().Should().Equal(7, 9);
        pipe.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void Reader_UnknownName_SaysSo()
    {
        using var reader = new SafeTensorsReader(new MemoryStream(SafeTensorsSpec.Build("{}")));
        reader.Invoking(r => r.Read("w")).Should().Throw<InrFileException>().WithMessage("*no tensor 'w'*");
    }

    [Fact]
    public void Load_BoolByteOfTwo_BecomesTrue()
    {
        using var scope = NewDisposeScope();
        byte[] file = SafeTensorsSpec.Build("""{"x":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""", 2);
        file[^1] = 2;
        using var reader = new SafeTensorsReader(new MemoryStream(file));
        reader.Read("x").bytes.ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public void Write_WhatTheFormatLacks_Throws()
    {
        using var scope = NewDisposeScope();
        var write = (string name, Tensor tensor) => { Written(new() { [name] = tensor }); };
        write.Invoking(w => w("x", zeros(1, ScalarType.ComplexFloat32))).Should().Throw<ArgumentException>().WithMessage("*'x' is ComplexFloat32*");
        write.Invoking(w => w("__metadata__", zeros(1))).Should().Throw<ArgumentException>().WithMessage("*reserved*");
        KeyValuePair<string, Tensor>[] twice = [new("x", zeros(1)), new("x", zeros(1))];
        FluentActions.Invoking(() => SafeTensors.Write(Stream.Null, twice)).Should().Throw<ArgumentException>().WithMessage("*Two tensors are named 'x'*");
    }

    private static byte[] Written(Dictionary<string, Tensor> tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private sealed class CountingStream(byte[] data, bool canSeek = true) : MemoryStream(data)
    {
        internal long BytesRead { get; private set; }

        internal bool IsDisposed { get; private set; }

        public override bool CanSeek => canSeek;

        // A MemoryStream that is derived from sends every other kind of read through this one.
        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
