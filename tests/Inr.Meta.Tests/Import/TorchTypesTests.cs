using Inr.Meta;

namespace Inr.Tests.Import;

/// <summary>Files that PyTorch wrote, of each layout and protocol: all types of numbers, and what trainers save beside weights.</summary>
public sealed class TorchTypesTests
{
    public static TheoryData<string> Files => [.. from layout in new[] { "zip", "stream" } from protocol in Enumerable.Range(2, 4) select $"types-{layout}-{protocol}.pth"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_OfEveryType_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        using var archive = TorchArchive.Open(Fixture(name));
        var state = (PickledDictionary)((PickledDictionary)archive.Root!)["state"]!;
        Tensor Read(string key) => archive.Read((PickledTensor)state[key]!);
        foreach (var (key, type) in new[]
        {
            ("single", ScalarType.Float32), ("half", ScalarType.Float16), ("brain", ScalarType.BFloat16), ("double", ScalarType.Float64),
            ("long", ScalarType.Int64), ("int", ScalarType.Int32), ("short", ScalarType.Int16), ("char", ScalarType.Int8),
        })
        {
            var numbers = Read(key);
            numbers.dtype.Should().Be(type);
            numbers.to(float32).data<float>().ToArray().Should().Equal([-2, -1, 0, 1, 2, 3], key);
        }

        Read("byte").data<byte>().ToArray().Should().Equal(0, 1, 2, 3, 4, 5);
        Read("bool").data<bool>().ToArray().Should().Equal(true, false);
        Read("scalar").shape.Should().BeEmpty();
        Read("scalar").item<float>().Should().Be(2.5f);
        Read("empty").shape.Should().Equal(0, 3);
        Read("base").shape.Should().Equal(3, 4);
        Read("transposed").data<float>().ToArray().Should().Equal(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
        Read("row").data<float>().ToArray().Should().Equal(4, 5, 6, 7);
        Read("column").data<float>().ToArray().Should().Equal(2, 6, 10);
        Read("parameter").data<float>().ToArray().Should().Equal(1, 2);
        Read("frozen").data<float>().ToArray().Should().Equal(3);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_OfWhatTrainersSaveBeside_ReadsPlainValuesAndPassesOverTheRest(string name)
    {
        using var archive = TorchArchive.Open(Fixture(name));
        var root = (PickledDictionary)archive.Root!;
        root["epoch"].Should().Be(7L);
        root["loss"].Should().Be(0.25);
        root["name"].Should().Be("süß");
        root["big"].Should().Be(System.Numerics.BigInteger.Pow(2, 100));
        root["negative"].Should().Be(-(1L << 40));
        root["size"].Should().BeEquivalentTo(new object[] { 3L, 4L });
        root["flags"].Should().BeEquivalentTo(new object[] { true, false });
        root["text"].Should().Be(new string('x', 300));
        ((PickledDictionary)root["keys"]!).Keys.Should().HaveCount(4);
        ((PickledDictionary)((PickledDictionary)root["optimizer"]!)["state"]!).Keys.Should().Equal(0L, 1L);
        foreach (string key in new[] { "args", "path", "when", "scalar", "array", "device", "counts", "lists", "set", "frozen", "complex", "bytes" })
            root[key].Should().BeOfType<PickledOpaque>(key);
        root["dtype"].Should().BeOfType<PickleGlobal>();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_OfEveryTruncation_IsRefusedUnlessOnlyUnusedBytesAreGone(string name)
    {
        byte[] whole = File.ReadAllBytes(Fixture(name));
        for (int length = 0; length < whole.Length; length += 37)
            ((Action)(() => TorchArchive.Open(new MemoryStream(whole[..length]), name).Dispose())).Should().Throw<InrFileException>($"{length} of {whole.Length} bytes");
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "checkpoints", name);
}
