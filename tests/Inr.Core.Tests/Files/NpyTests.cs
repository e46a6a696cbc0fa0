using System.IO.Compression;
using System.Text;
using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

public sealed class NpyTests
{
    private const string GoodHeader = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n";

    public static TheoryData<string, int, string> BadHeaders => new()
    {
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 3, "takes 2 bytes, but 3 follow" },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 1, "takes 2 bytes, but 1 follow" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,), }", 8, "takes 8796093022208 bytes, but 8 follow" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", 0, "too large" },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,), }", 2, "not a whole number" },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }", 2, "not a whole number" },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (2), }", 2, "unexpected text" },
        { "{'descr': '>c8', 'fortran_order': False, 'shape': (1,), }", 8, "its numbers are '>c8'" },
        { "{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }", 8, "its numbers are '<U2'" },
        { "{'descr': '<M8[D]', 'fortran_order': False, 'shape': (1,), }", 8, "its numbers are '<M8[D]'" },
        { "{'descr': '<V2', 'fortran_order': False, 'shape': (4,), }", 8, "its numbers are '<V2'" },
        { "{'descr': '|f4', 'fortran_order': False, 'shape': (2,), }", 8, "its numbers are '|f4'" },
        { "{'descr': '>f4', 'fortran_order': False, 'shape': (3,), }", 8, "an array >f4 [3] takes 12 bytes, but 8 follow" },
        { "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 8, "its numbers are '|O'" },
        { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8, "unexpected text at character 10. Arrays of records are not read" },
        { "{'descr': '|u1', 'fortran_order': 'False', 'shape': (2,), }", 2, "exactly the fields" },
        { "{'descr': '|u1', 'shape': (2,), }", 2, "exactly the fields" },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': True}", 2, "exactly the fields" },
        { "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", 2, "occurs twice" },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), } import os", 2, "unexpected text" },
        { "{'descr': '|u1", 2, "does not end" },
        { "{", 0, "ends too early" },
        { "", 0, "ends too early" },
    };

    [Fact]
    public void Read_WhatNumpyWrote_IsTheSameArray()
    {
        using var scope = NewDisposeScope();
        var one = Npy.Read(Stream(NumpySamples.Version1Npy));
        one.shape.Should().Equal(2, 2);
        one.data<float>().ToArray().Should().Equal(1, 2, 3, 4);
        Npy.Read(Stream(NumpySamples.Version2Npy)).data<byte>().ToArray().Should().Equal(7, 9);
    }

    [Fact]
    public void Read_BigEndianFile_IsTheSameArray()
    {
        using var scope = NewDisposeScope();
        var array = Npy.Load(Path.Combine(AppContext.BaseDirectory, "fixtures", "arrays", "big-endian-f4.npy"));
        array.shape.Should().Equal(3, 4);
        array.data<float>().ToArray().Should().Equal(Enumerable.Range(-5, 12).Select(i => i / 4f));
        array.sum().item<float>().Should().Be(1.5f);
    }

    [Fact]
    public void Read_Version3_IsTheSameArray()
    {
        using var scope = NewDisposeScope();
        Npy.Read(Stream(NumpySamples.Version3Npy)).data<short>().ToArray().Should().Equal(7, -9);
    }

    [Fact]
    public void ReadNpz_EveryTypeAndOrder_IsTheSameNumbers()
    {
        using var scope = NewDisposeScope();
        var arrays = Npz.Read(Stream(NumpySamples.TypesNpz));
        foreach (string name in new[] { "half", "halfBig" })
        {
            arrays[name].dtype.Should().Be(ScalarType.Float16);
            arrays[name].to(float32).data<float>().ToArray().Should().Equal(1.5f, -2, 65504);
        }

        arrays["singleBig"].data<float>().ToArray().Should().Equal(1, 2, 3, 4);
        arrays["doubleBig"].data<double>().ToArray().Should().Equal(0.1, -1e300);
        arrays["tiny"].data<sbyte>().ToArray().Should().Equal(-128, 127);
        arrays["short"].data<short>().ToArray().Should().Equal(-32768, 300);
        arrays["shortBig"].data<short>().ToArray().Should().Equal(-32768, 300);
        arrays["intBig"].data<int>().ToArray().Should().Equal(int.MinValue, 70000);
        arrays["longBig"].data<long>().ToArray().Should().Equal(-1, 1L << 40);
        arrays["ushort"].data<int>().ToArray().Should().Equal(0, 65535);
        arrays["ushortBig"].data<int>().ToArray().Should().Equal(1, 65535);
        arrays["uint"].data<long>().ToArray().Should().Equal(7, uint.MaxValue);
        arrays["uintBig"].data<long>().ToArray().Should().Equal(7, uint.MaxValue);
        arrays["ulongBig"].data<long>().ToArray().Should().Equal(5, long.MaxValue);
        arrays["fortranBig"].shape.Should().Equal(2, 3);
        arrays["fortranBig"].data<short>().ToArray().Should().Equal(0, 1, 2, 3, 4, 5);
        arrays.Should().HaveCount(15);
    }

    [Fact]
    public void Read_UnsignedBeyondInt64_IsRefusedNotWrapped() =>
        FluentActions.Invoking(() => Npy.Read(Stream(NumpySamples.TooLargeNpy))).Should().Throw<InrFileException>().WithMessage("*beyond 2^63-1*");

    [Fact]
    public void Read_SizesOfPython2_AreNumbers()
    {
        using var scope = NewDisposeScope();
        Npy.Read(new MemoryStream(File("{'descr': '|u1', 'fortran_order': False, 'shape': (1L, 2L), }", 2))).shape.Should().Equal(1, 2);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int16)]
    public void Write_NarrowTypes_KeepThem(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var numbers = tensor(new float[] { 1, -100, 7 }).to(type);
        Npy.Write(stream, numbers);
        stream.Position = 0;
        var read = Npy.Read(stream);
        read.dtype.Should().Be(type);
        read.bytes.ToArray().Should().Equal(numbers.bytes.ToArray());
    }

    [Fact]
    public void Write_TypeThatNumpyLacks_SaysSo() =>
        FluentActions.Invoking(() => Npy.Write(new MemoryStream(), zeros(2, ScalarType.BFloat16))).Should().Throw<ArgumentException>().WithMessage("*BFloat16*Convert it*");

    [Fact]
    public void NpzReader_FileWithForeignArrays_ReadsTheOthersAndNamesThese()
    {
        using var scope = NewDisposeScope();
        using var reader = new NpzReader(Stream(NumpySamples.MixedNpz));
        reader.Names.Should().Equal("good", "text", "many");
        reader.Read("good").data<float>().ToArray().Should().Equal(1.5f);
        reader.ReadShape("good").Should().Equal(1);
        FluentActions.Invoking(() => reader.Read("text")).Should().Throw<InrFileException>().WithMessage("*'text.npy'*its numbers are '<U2'*");
        FluentActions.Invoking(() => reader.ReadShape("many")).Should().Throw<InrFileException>().WithMessage("*'many.npy'*its numbers are '<c16'*");
        FluentActions.Invoking(() => reader.Read("none")).Should().Throw<InrFileException>().WithMessage("*no array 'none'*");
    }

    [Fact]
    public void Write_Matrix_GivesTheBytesThatNumpyWrites()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Npy.Write(stream, tensor(new float[] { 1, 3, 2, 4 }).reshape(2, 2).t());
        stream.ToArray().Should().Equal(Convert.FromBase64String(NumpySamples.Version1Npy));
    }

    [Fact]
    public void ReadNpz_WhatNumpyWrote_IsTheSameArrays()
    {
        using var scope = NewDisposeScope();
        var arrays = Npz.Read(Stream(NumpySamples.DeflatedNpz));
        arrays.Keys.Should().BeEquivalentTo("single", "fortran", "int", "long", "byte", "flag", "scalar", "empty");
        arrays["single"].shape.Should().Equal(2, 3);
        arrays["single"].data<float>().ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        arrays["fortran"].shape.Should().Equal(2, 3, 4);
        arrays["fortran"].is_contiguous().Should().BeTrue();
        arrays["fortran"].data<double>().ToArray().Should().Equal(Enumerable.Range(0, 24).Select(i => (double)i));
        arrays["int"].data<int>().ToArray().Should().Equal(-1, 2);
        arrays["long"].data<long>().ToArray().Should().Equal(-1, 1L << 40);
        arrays["byte"].data<byte>().ToArray().Should().Equal(0, 255);
        arrays["flag"].data<bool>().ToArray().Should().Equal(true, false);
        arrays["scalar"].shape.Should().BeEmpty();
        arrays["scalar"].item<double>().Should().Be(2.5);
        arrays["empty"].shape.Should().Equal(0, 3);
        Npz.Read(Stream(NumpySamples.StoredNpz))["x"].data<float>().ToArray().Should().Equal(1.5f, -2f);
    }

    [Fact]
    public void LoadNpz_WhatSaveWrote_IsBitExact()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var random = new Generator(2);
        var saved = new Dictionary<string, Tensor> { ["a/b"] = randn(3, 4, generator: random), ["n"] = tensor(new[] { 1L, -5L }), ["s"] = tensor(2.0) };
        Npz.Save(folder["t.npz"], saved);

        var loaded = Npz.Load(folder["t.npz"]);

        loaded.Keys.Should().Equal(saved.Keys);
        foreach (var (name, tensor) in loaded)
        {
            tensor.dtype.Should().Be(saved[name].dtype);
            tensor.shape.Should().Equal(saved[name].shape);
            tensor.bytes.ToArray().Should().Equal(saved[name].bytes.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Read_BadHeader_SaysWhy(string header, int dataBytes, string expected) =>
        FluentActions.Invoking(() => Npy.Read(new MemoryStream(File(header, dataBytes)))).Should().Throw<InrFileException>().WithMessage($"*{expected}*");

    [Fact]
    public void Read_TruncatedAnywhere_IsRefused()
    {
        using var scope = NewDisposeScope();
        byte[] file = File(GoodHeader, 2);
        Npy.Read(new MemoryStream(file)).shape.Should().Equal(2);
        for (int length = 0; length < file.Length; length++)
            FluentActions.Invoking(() => Npy.Read(new MemoryStream(file[..length]))).Should().Throw<InrFileException>($"only {length} of {file.Length} bytes are left");
    }

    [Fact]
    public void Read_OtherVersionOrMagic_IsRefused()
    {
        byte[] file = File(GoodHeader, 2);
        file[6] = 4;
        FluentActions.Invoking(() => Npy.Read(new MemoryStream(file))).Should().Throw<InrFileException>().WithMessage("*NPY version 4.0*");
        file[6] = 3;
        file[7] = 1;
        FluentActions.Invoking(() => Npy.Read(new MemoryStream(file))).Should().Throw<InrFileException>().WithMessage("*NPY version 3.1*");
        file[0] = 0;
        FluentActions.Invoking(() => Npy.Read(new MemoryStream(file))).Should().Throw<InrFileException>().WithMessage("*not an NPY array*");
    }

    [Fact]
    public void ReadNpz_TruncatedAnywhere_IsRefused()
    {
        byte[] file = Convert.FromBase64String(NumpySamples.StoredNpz);
        for (int length = 0; length < file.Length; length++)
            FluentActions.Invoking(() => Npz.Read(new MemoryStream(file[..length]))).Should().Throw<InrFileException>($"only {length} of {file.Length} bytes are left");
    }

    [Fact]
    public void ReadNpz_HostileArchive_SaysWhy()
    {
        byte[] good = File(GoodHeader, 2);
        ReadingArchive(("x.npy", good), ("x.npy", good)).Should().Throw<InrFileException>().WithMessage("*'x.npy' occurs twice*");
        ReadingArchive(("x.txt", good)).Should().Throw<InrFileException>().WithMessage("*'x.txt' is not an NPY array*");
        ReadingArchive(("x.npy", [])).Should().Throw<InrFileException>().WithMessage("*ends inside its NPY header*");
        FluentActions.Invoking(() => Npz.Read(new MemoryStream(Archive(("x.npy", good), ("y.npy", good))), maxBytes: good.Length + 5))
            .Should().Throw<InrFileException>().WithMessage($"*more than the {good.Length + 5} bytes*");
    }

    [Fact]
    public void ReadNpz_EntryThatPromisesTooMuch_IsRefusedBeforeItIsUnpacked()
    {
        byte[] file = Archive(("x.npy", File(GoodHeader, 2)));
        // The unpacked size stands at byte 24 of the entry in the central directory.
        int directory = file.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(2_000_000_000).CopyTo(file, directory + 24);
        FluentActions.Invoking(() => Npz.Read(new MemoryStream(file))).Should().Throw<InrFileException>().WithMessage("*promises 2000000000 bytes*");
    }

    private static Action ReadingArchive(params (string Name, byte[] Content)[] entries) => () => Npz.Read(new MemoryStream(Archive(entries)));

    private static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] File(string header, int dataBytes) =>
        [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.Latin1.GetBytes(header), .. new byte[dataBytes]];

    private static MemoryStream Stream(string base64) => new(Convert.FromBase64String(base64));
}
