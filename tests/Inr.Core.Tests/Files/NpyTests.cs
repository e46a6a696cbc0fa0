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
        { "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8, "its numbers are '>f4'" },
        { "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 8, "its numbers are '|O'" },
        { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8, "unexpected text" },
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
        file[6] = 3;
        FluentActions.Invoking(() => Npy.Read(new MemoryStream(file))).Should().Throw<InrFileException>().WithMessage("*NPY version 3.0*");
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
