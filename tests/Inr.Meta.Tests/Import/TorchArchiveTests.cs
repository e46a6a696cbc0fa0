using System.IO.Compression;
using Inr.Meta;
using Inr.Testing;

namespace Inr.Tests.Import;

/// <summary>The reader of .pth files takes plain data and refuses everything else, with the reason.</summary>
public sealed class TorchArchiveTests
{
    private static readonly byte[] Numbers = [.. new float[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void Read_OfStridedView_GivesItsNumbers()
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(6, 2, stride: 3, offset: 1), "."), new Dictionary<string, byte[]> { ["0"] = Numbers });
        using var archive = TorchArchive.Open(file.Path);
        using var tensor = archive.Read((PickledTensor)archive.Root!);
        tensor.data<float>().ToArray().Should().Equal(2, 5);
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("posix", "system")]
    [InlineData("torch", "load")]
    [InlineData("builtins", "getattr")]
    [InlineData("__builtin__", "apply")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("collections", "OrderedDict\u200b")]
    public void Open_OfPickleThatNamesAnythingElse_RefusesByNameAndRunsNothing(string module, string name)
    {
        string marker = Path.Combine(Path.GetTempPath(), $"inr-{Guid.NewGuid():N}");
        using var file = new PthFile(PthFile.Pickle($"c{module}\n{name}\n", PthFile.Unicode($"touch {marker}"), 0x85, "R", "."));
        Refusal(file.Path).Should().Contain($"'{module}.{name}'").And.Contain("not allowed");
        File.Exists(marker).Should().BeFalse();
    }

    [Theory]
    [InlineData("torch", "ComplexFloatStorage")]
    [InlineData("torch", "QInt8Storage")]
    [InlineData("torch.storage", "UntypedStorage")]
    public void Open_OfNumbersThatAreNotRead_NamesTheirType(string module, string name)
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(6, 2, storage: $"{module}\n{name}\n"), "."));
        Refusal(file.Path).Should().Contain($"'{module}.{name}', which is not read").And.Contain("torch.HalfStorage");
    }

    [Fact]
    public void Open_OfStackGlobal_IsHeldToTheSameList()
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Unicode("os"), PthFile.Unicode("system"), 0x93, PthFile.Unicode("true"), 0x85, "R", "."));
        Refusal(file.Path).Should().Contain("'os.system'").And.Contain("not allowed");
        using var numbers = new PthFile(PthFile.Pickle("K", 1, "K", 2, 0x93, "."));
        Refusal(numbers.Path).Should().Contain("not text");
    }

    [Fact]
    public void Read_OfTensorInWrappers_GivesItsNumbers()
    {
        byte[] tensor = PthFile.Tensor(6, 2, stride: 3, offset: 1);
        byte[] arguments = tensor["ctorch._utils\n_rebuild_tensor_v2\n".Length..^1];
        foreach (byte[] pickle in new[]
        {
            PthFile.Pickle("ctorch._utils\n_rebuild_parameter\n", tensor, 0x88, "}", 0x87, "R", "."),
            PthFile.Pickle("ctorch._utils\n_rebuild_parameter_with_state\n", "(", tensor, 0x88, "}", "}", "t", "R", "."),
            PthFile.Pickle("ctorch._tensor\n_rebuild_from_type_v2\n", "(", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch.nn.parameter\nParameter\n", arguments, "}", "t", "R", "."),
            PthFile.Pickle(tensor, "}", "b", "."),
        })
        {
            using var file = new PthFile(pickle, new Dictionary<string, byte[]> { ["0"] = Numbers });
            using var archive = TorchArchive.Open(file.Path);
            using var read = archive.Read((PickledTensor)archive.Root!);
            read.data<float>().ToArray().Should().Equal(2, 5);
        }
    }

    [Fact]
    public void Read_OfStorageView_BeginsWhereTheViewDoes()
    {
        object?[] Id(long start, long count) => ["storage", PickleGlobal.Find("torch", "FloatStorage"), "0", "cpu", 6L, new object?[] { "1", start, count }];
        var view = PickledStorage.Read(Id(2, 3));
        (view.Key, view.WholeCount, view.Start, view.Count).Should().Be(("0", 6L, 2L, 3L));
        FluentActions.Invoking(() => PickledTensor.Create(view, 1, [3], [1])).Should().Throw<FormatException>().WithMessage("*outside its 3 numbers*");
        using var file = new PthFile(PthFile.Pickle("N", "."), new Dictionary<string, byte[]> { ["0"] = Numbers });
        using var archive = TorchArchive.Open(file.Path);
        using var read = archive.Read(PickledTensor.Create(view, 1, [2], [1]));
        read.data<float>().ToArray().Should().Equal(4, 5);
        foreach (var (start, count) in new[] { (4L, 3L), (7L, 0L), (long.MaxValue, 1L), (1L, long.MaxValue) })
            FluentActions.Invoking(() => PickledStorage.Read(Id(start, count))).Should().Throw<FormatException>().WithMessage("*lies outside it*");
    }

    [Fact]
    public void Open_OfWholeModel_SaysToSaveItsStateDict()
    {
        using var zip = new PthFile(PthFile.Pickle("ctorch.nn.modules.linear\nLinear\n", ")", 0x81, "}", "b", "."));
        Refusal(zip.Path).Should().Contain("'torch.nn.modules.linear.Linear'").And.Contain("state_dict()");
        using var older = new PthFile(PthFile.Pickle("(", PthFile.Unicode("module"), "cbuiltins\nobject\n", PthFile.Unicode("a.py"), PthFile.Unicode("code"), "t", "Q", "."));
        Refusal(older.Path).Should().Contain("whole model").And.Contain("state_dict()");
    }

    [Theory]
    [InlineData('i')] // INST
    [InlineData('o')] // OBJ
    [InlineData(0x81)] // NEWOBJ
    [InlineData(0x82)] // EXT1
    [InlineData('P')] // PERSID
    public void Open_OfPickleWithOtherWaysToCall_Refuses(int opcode)
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Unicode("os"), PthFile.Unicode("system"), opcode, "."));
        Refusal(file.Path).Should().Contain($"0x{opcode:x2}");
    }

    [Fact]
    public void Open_OfEveryTruncation_RefusesOrReads()
    {
        byte[] whole = PthFile.Pickle(PthFile.Tensor(6, 2), ".");
        for (int length = 0; length < whole.Length; length++)
        {
            using var file = new PthFile(whole[..length]);
            Refusal(file.Path).Should().NotBeEmpty($"{length} of {whole.Length} bytes");
        }
    }

    [Fact]
    public void Open_OfTruncatedArchive_Refuses()
    {
        byte[] whole = File.ReadAllBytes(Transformer.OfficialCase.Folder("ckpt_init.pth"));
        string path = Path.GetTempFileName();
        foreach (int length in (int[])[0, 3, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(path, whole[..length]);
            Refusal(path).Should().NotBeEmpty();
        }

        File.Delete(path);
    }

    [Fact]
    public void Open_OfRandomDamage_RefusesOrReadsButNeverCrashes()
    {
        byte[] pickle = PthFile.Pickle("}", "(", PthFile.Unicode("a"), PthFile.Tensor(6, 2), PthFile.Unicode("b"), "]", "(", "K", 1, "K", 2, "e", "u", ".");
        var random = new Random(5);
        int refused = 0;
        for (int run = 0; run < 2_000; run++)
        {
            byte[] damaged = [.. pickle];
            // One byte may be a letter of a name; three rarely all are.
            for (int k = 0; k <= run % 3; k++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            using var file = new PthFile(damaged, new Dictionary<string, byte[]> { ["0"] = Numbers });
            try
            {
                TorchArchive.Open(file.Path).Dispose();
            }
            catch (InrFileException)
            {
                // The only exception that a bad file may cause.
                refused++;
            }
        }

        refused.Should().BeInRange(1, 1_999, "the damages reach both outcomes");
    }

    [Fact]
    public void Open_OfPackedArchive_SaysThatItWasZippedAgain()
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(6, 2), "."), new Dictionary<string, byte[]> { ["0"] = new byte[100_000] }, CompressionLevel.Optimal);
        Refusal(file.Path).Should().Contain("zipped again");
    }

    [Theory]
    [InlineData(0x7fffffff)]
    [InlineData(0x01000000)]
    public void Open_OfPartThatClaimsMoreThanTheFile_RefusesBeforeAllocating(int claimed)
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(6, 2), "."), new Dictionary<string, byte[]> { ["0"] = Numbers });
        byte[] bytes = File.ReadAllBytes(file.Path);
        // The entry of the central directory: packed and real size are at 20 and 24 bytes.
        int entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 20), claimed);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 24), claimed);
        File.WriteAllBytes(file.Path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(file.Path).Should().NotBeEmpty();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 22);
    }

    [Fact]
    public void Open_OfDoublePart_Refuses()
    {
        using var file = new PthFile(archive =>
        {
            PthFile.Add(archive, "x/data.pkl", PthFile.Pickle("N", "."));
            PthFile.Add(archive, "x/data.pkl", PthFile.Pickle("N", "."));
        });
        Refusal(file.Path).Should().Contain("occurs twice");
    }

    [Fact]
    public void Open_OfOtherFile_SaysWhatItIsNot()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [0x80, 2, (byte)'.', 0]);
        Refusal(path).Should().Contain("not a zip archive");
        File.Delete(path);
        using var empty = new PthFile(archive => PthFile.Add(archive, "readme.txt", [1]));
        Refusal(empty.Path).Should().Contain("no data.pkl");
        Refusal("/nowhere/model.pth").Should().Contain("no such file");
    }

    [Fact]
    public void Open_OfDuplicateKey_Refuses()
    {
        using var file = new PthFile(PthFile.Pickle("}", "(", PthFile.Unicode("a"), "K", 1, PthFile.Unicode("a"), "K", 2, "u", "."));
        Refusal(file.Path).Should().Contain("'a' occurs twice");
    }

    [Fact]
    public void Open_OfDeepNesting_NeedsNoStack()
    {
        using var file = new PthFile(PthFile.Pickle(Enumerable.Repeat<byte>((byte)']', 1_000_000).ToArray(), Enumerable.Repeat<byte>((byte)'a', 999_999).ToArray(), "."));
        using var archive = TorchArchive.Open(file.Path);
        archive.Root.Should().BeOfType<List<object?>>();
    }

    [Fact]
    public void Open_OfMemoBomb_SharesInsteadOfCopying()
    {
        // 10 levels of 10 references to the level before: 10^10 values if they were copied.
        var parts = new List<object> { "]", "q", 0 };
        for (int level = 1; level <= 10; level++)
            parts.AddRange(["(", .. Enumerable.Range(0, 10).SelectMany(_ => new object[] { "h", level - 1 }), "t", "q", level]);
        parts.AddRange(["(", "h", 10, "t", 0x85, "."]);
        using var file = new PthFile(PthFile.Pickle([.. parts]));
        Refusal(file.Path).Should().Contain("more than one value");
    }

    [Theory]
    [InlineData('}')]
    [InlineData(']')]
    [InlineData('N')]
    [InlineData(0x8f)]
    public void Open_OfAMillionEmptyThings_BuildsLittle(int opcode)
    {
        using var file = new PthFile(PthFile.Pickle(Enumerable.Repeat((byte)opcode, 1_000_000).ToArray(), "."));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(file.Path).Should().NotBeEmpty();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20);
    }

    [Fact]
    public void Open_OfDictionaryCopiedAgainAndAgain_IsRefused()
    {
        byte[] pairs = PthFile.Pickle("]", "q", 0, "(", Enumerable.Range(0, 1000).Select(i => PthFile.Pickle("K", i % 256, "M", (byte[])[(byte)i, (byte)(i >> 8)], 0x86)[2..]).SelectMany(b => b).ToArray(), "e", "0")[2..];
        byte[] copy = PthFile.Pickle("ccollections\nOrderedDict\n", "h", 0, 0x85, "R", "0")[2..];
        // Keys repeat, so that an honest reader stops at once; these pairs have keys of their own.
        byte[] unique = PthFile.Pickle("]", "q", 0, "(", Enumerable.Range(0, 1000).SelectMany(i => PthFile.Pickle("M", (byte[])[(byte)i, (byte)(i >> 8)], "N", 0x86)[2..]).ToArray(), "e", "0")[2..];
        using var file = new PthFile(PthFile.Pickle(unique, Enumerable.Repeat(copy, 10_000).SelectMany(b => b).ToArray(), "N", "."));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(file.Path).Should().Contain("would build more than");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20);
        using var twice = new PthFile(PthFile.Pickle(pairs, copy, "N", "."));
        Refusal(twice.Path).Should().Contain("occurs twice");
    }

    [Fact]
    public void Open_OfWideShapeAskedForAgainAndAgain_IsRefusedAtOnce()
    {
        byte[] shape = PthFile.Pickle("(", Enumerable.Repeat<byte[]>([(byte)'K', 1], 100_000).SelectMany(b => b).ToArray(), "t", "q", 0, "0")[2..];
        byte[] tensor = PthFile.Pickle("ctorch._utils\n_rebuild_tensor\n", "(", "(", PthFile.Unicode("storage"), "ctorch\nFloatStorage\n", PthFile.Unicode("0"), PthFile.Unicode("cpu"), "K", 6, "t", "Q", "K", 0, "h", 0, "h", 0, "t", "R")[2..];
        using var file = new PthFile(PthFile.Pickle(shape, tensor, "."));
        Refusal(file.Path).Should().Contain("100000 axes");
    }

    [Fact]
    public void Open_OfKeysThatWouldCollide_TakesNoLongerThanOthers()
    {
        // x + (x << 32) has the hash 0 where a hash is the xor of the halves.
        byte[] items = [.. Enumerable.Range(1, 60_000).SelectMany(i => (byte[])[0x8a, 8, .. BitConverter.GetBytes(i + ((long)i << 32)), (byte)'N'])];
        using var file = new PthFile(PthFile.Pickle("}", "(", items, "u", "."));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var archive = TorchArchive.Open(file.Path);
        ((PickledDictionary)archive.Root!).Keys.Should().HaveCount(60_000);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Open_OfHugeMemoIndex_AllocatesNothing()
    {
        using var file = new PthFile(PthFile.Pickle("N", "r", BitConverter.GetBytes(uint.MaxValue), "."));
        using var archive = TorchArchive.Open(file.Path);
        archive.Root.Should().BeNull();
    }

    [Theory]
    [InlineData(6, 7, 1, 0)]
    [InlineData(6, 2, 6, 0)]
    [InlineData(6, 2, 1, 5)]
    [InlineData(6, -1, 1, 0)]
    [InlineData(6, 2, -1, 1)]
    [InlineData(6, 2, 1, -1)]
    [InlineData(6, 2_000_000_000, 0, 0)]
    public void Open_OfTensorOutsideItsStorage_Refuses(int count, int size, int stride, int offset)
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(count, size, stride, offset), "."), new Dictionary<string, byte[]> { ["0"] = Numbers });
        Refusal(file.Path).Should().Contain("tensor");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void Read_OfStorageOfAnotherLength_Refuses(int count)
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(count, 2), "."), new Dictionary<string, byte[]> { ["0"] = Numbers });
        using var archive = TorchArchive.Open(file.Path);
        ((Action)(() => archive.Read((PickledTensor)archive.Root!).Dispose())).Should().Throw<InrFileException>().WithMessage("*24 bytes*");
    }

    [Fact]
    public void Read_OfMissingStorage_Refuses()
    {
        using var file = new PthFile(PthFile.Pickle(PthFile.Tensor(6, 2), "."));
        using var archive = TorchArchive.Open(file.Path);
        ((Action)(() => archive.Read((PickledTensor)archive.Root!).Dispose())).Should().Throw<InrFileException>().WithMessage("*missing*");
    }

    private static string Refusal(string path)
    {
        var act = () => TorchArchive.Open(path).Dispose();
        return act.Should().Throw<InrFileException>().Which.Message;
    }
}
