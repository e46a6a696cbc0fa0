using System.Text;
using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

public sealed class SafeTensorsHostileTests
{
    private const string Good = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"U8","shape":[3],"data_offsets":[24,27]}}""";

    public static TheoryData<string, int, string> BadHeaders => new()
    {
        // Layout
        { Entries(("a", "F32", "[2]", "0,8"), ("b", "F32", "[2]", "4,12")), 12, "'b' at bytes 4 to 12 overlaps" },
        { Entries(("a", "F32", "[2]", "0,8"), ("b", "F32", "[2]", "0,8")), 8, "'b' at bytes 0 to 8 overlaps" },
        { Entries(("a", "F32", "[2]", "0,8"), ("b", "F32", "[2]", "12,20")), 20, "'b' at bytes 12 to 20 leaves a hole" },
        { Entries(("a", "F32", "[2]", "4,12")), 12, "'a' at bytes 4 to 12 leaves a hole" },
        { Entries(("a", "F32", "[2]", "0,8")), 4, "'a' at bytes 0 to 8 lies outside the 4 bytes" },
        { Entries(("a", "F32", "[2]", "9223372036854775799,9223372036854775807")), 8, "lies outside" },
        { Entries(("a", "F32", "[2]", "0,8")), 9, "end at byte 8 of 9 bytes" },
        { Entries(("a", "F32", "[2]", "8,0")), 8, "must be two ascending numbers" },
        { Entries(("a", "F32", "[2]", "0")), 8, "must be two ascending numbers" },
        { Entries(("a", "F32", "[2]", "0,8,8")), 8, "more than 2 numbers" },
        { Entries(("a", "F32", "[2]", "-8,0")), 8, "whole numbers from 0" },
        // Shape
        { Entries(("a", "F32", "[3]", "0,8")), 8, "has 8 bytes, but F32 [3] takes 12" },
        { Entries(("a", "F32", "[-2]", "0,8")), 8, "whole numbers from 0" },
        { Entries(("a", "F32", "[1.5]", "0,8")), 8, "whole numbers from 0" },
        { Entries(("a", "F32", "[\"2\"]", "0,8")), 8, "whole numbers from 0" },
        { Entries(("a", "F32", "[99999999999999999999]", "0,8")), 8, "whole numbers from 0" },
        { Entries(("a", "F32", "[4611686018427387904]", "0,0")), 0, "is too large" },
        { Entries(("a", "F32", "[4294967296,4294967296]", "0,0")), 0, "is too large" },
        { Entries(("a", "U8", "[0,4611686018427387904,4]", "0,0")), 0, "is too large" },
        { Entries(("a", "U8", $"[{string.Join(',', Enumerable.Repeat(1, 33))}]", "0,1")), 1, "more than 32 numbers" },
        { Entries(("a", "U8", "2", "0,2")), 2, "is not an array" },
        // Type
        { Entries(("a", "f32", "[2]", "0,8")), 8, "dtype 'f32'" },
        { """{"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}""", 8, "dtype (none)" },
        // Structure
        { "", 0, "does not begin with" },
        { "   {}", 0, "does not begin with" },
        { "[]", 0, "does not begin with" },
        { "{", 0, "is not the JSON" },
        { "{}x", 0, "is not the JSON" },
        { "{}{}", 0, "is not the JSON" },
        { "{\"a\":1}", 0, "'a' is not an object" },
        { "{\"a\":{}}", 0, "'a' lacks its dtype" },
        { """{"a":{"dtype":"U8","shape":[0]}}""", 0, "'a' lacks its data_offsets" },
        { """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"more":1}}""", 0, "unknown field 'more'" },
        { """{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "the field 'dtype' twice" },
        { Entries(("a", "U8", "[1]", "0,1"), ("a", "U8", "[1]", "1,2")), 2, "'a' occurs twice" },
        { Entries(("a", "U8", "[1]", "0,1"), ("\\u0061", "U8", "[1]", "1,2")), 2, "'a' occurs twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__ occurs twice" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "metadata 'k' occurs twice" },
        { """{"__metadata__":{"k":1}}""", 0, "metadata 'k' is not a string" },
        { """{"__metadata__":"k"}""", 0, "__metadata__ is not an object" },
        { """{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "is not the JSON" },
        { $$"""{"a":{{new string('[', 5000)}}""", 0, "'a' is not an object" },
        { $$$"""{"a":{"shape":{{{new string('[', 5000)}}}""", 0, "is not the JSON" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Open_BadHeader_SaysWhichEntryAndWhy(string header, int dataBytes, string expected) =>
        Opening(SafeTensorsSpec.Build(header, dataBytes)).Should().Throw<InrFileException>().WithMessage($"*{expected}*");

    [Theory]
    [InlineData(1UL << 60, "truncated or not a safetensors file")]
    [InlineData(ulong.MaxValue, "truncated or not a safetensors file")]
    [InlineData(3UL, "truncated or not a safetensors file")]
    [InlineData(1UL, "is not the JSON")]
    [InlineData(0UL, "does not begin with")]
    public void Open_WrongHeaderLength_IsRefused(ulong length, string expected) =>
        Opening(SafeTensorsSpec.Build("{}", 0, length)).Should().Throw<InrFileException>().WithMessage($"*{expected}*");

    [Fact]
    public void Open_HeaderAboveTheLimit_IsRefusedBeforeItIsRead()
    {
        using var folder = new TemporaryFolder();
        // A sparse file: it has the length, but no bytes on the disk.
        using (var stream = File.Create(folder["large"]))
        {
            stream.Write(BitConverter.GetBytes(100_000_001UL));
            stream.SetLength(200_000_000);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => new SafeTensorsReader(folder["large"])).Should().Throw<InrFileException>().WithMessage("*at most 100000000*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }

    [Fact]
    public void Open_TruncatedAnywhere_IsRefused()
    {
        byte[] file = SafeTensorsSpec.Build(Good, 27);
        Opening(file).Should().NotThrow();
        for (int length = 0; length < file.Length; length++)
            Opening(file[..length]).Should().Throw<InrFileException>($"only {length} of {file.Length} bytes are left");
    }

    [Fact]
    public void Read_ForeignType_IsRefusedAndLeavesTheOthersReadable()
    {
        byte[] file = SafeTensorsSpec.Build(Entries(("a", "F8_E4M3", "[2]", "0,2"), ("b", "U8", "[3]", "2,5")), 5);
        file[^1] = 7;
        using var scope = NewDisposeScope();
        using var reader = new SafeTensorsReader(new MemoryStream(file));
        reader.Entries.Select(e => e.ToString()).Should().Equal("a F8_E4M3 [2]", "b U8 [3]");
        reader.Entries[0].Type.Should().BeNull();
        reader.Entries[0].Count.Should().Be(2);
        reader.Invoking(r => r.Read("a")).Should().Throw<InrFileException>().WithMessage("*dtype 'F8_E4M3' of the tensor 'a' is not supported*");
        reader.Read("b").bytes.ToArray().Should().Equal(0, 0, 7);
        reader.Invoking(r => r.ReadAll()).Should().Throw<InrFileException>().WithMessage("*'F8_E4M3'*");
    }

    [Fact]
    public void Open_InvalidUtf8_IsRefused()
    {
        byte[] header = Encoding.ASCII.GetBytes(Good);
        header[Good.IndexOf("\"a\"", StringComparison.Ordinal) + 1] = 0xFF;
        Opening(SafeTensorsSpec.Build(header, 27)).Should().Throw<InrFileException>().WithMessage("*not valid UTF-8*");
    }

    [Fact]
    public void Open_NameWithControlCharacters_IsPrintedWithoutThem()
    {
        string header = Entries(($"\\u001b[31m\\n{new string('x', 500)}", "U8", "[1]", "0,2"));
        Opening(SafeTensorsSpec.Build(header, 2)).Should().Throw<InrFileException>().Which.Message
            .Should().NotContainAny("\u001b", "\n").And.Match(message => message.Length < 250);
    }

    [Fact]
    public void Open_MissingFileOrFolder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        FluentActions.Invoking(() => SafeTensors.Load(folder["none"])).Should().Throw<InrFileException>().WithMessage("*none': there is no such file.");
        FluentActions.Invoking(() => SafeTensors.Load(folder.Root)).Should().Throw<InrFileException>().WithMessage("*it is a folder.");
    }

    [Fact]
    public void Load_FileThatShrinksAfterOpening_IsRefusedAndLeavesNoTensor()
    {
        using var stream = new MemoryStream();
        stream.Write(SafeTensorsSpec.Build(Good, 27));
        stream.Position = 0;
        using var reader = new SafeTensorsReader(stream);
        stream.SetLength(stream.Length - 1);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        reader.Invoking(r => r.ReadAll()).Should().Throw<InrFileException>().WithMessage("*'b' cannot be read*");

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
    }

    private static Action Opening(byte[] file) => () => new SafeTensorsReader(new MemoryStream(file)).Dispose();

    private static string Entries(params (string Name, string Type, string Shape, string Offsets)[] entries) =>
        $"{{{string.Join(',', entries.Select(e => $"\"{e.Name}\":{{\"dtype\":\"{e.Type}\",\"shape\":{e.Shape},\"data_offsets\":[{e.Offsets}]}}"))}}}";
}
