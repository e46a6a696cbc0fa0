using Inr.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>Thousands of damaged files with a fixed seed: each is read or refused with the one exception, and none leaves a tensor behind.</summary>
public sealed class FileFuzzTests
{
    private const int Mutations = 2000;

    [Fact]
    public void LoadInr_FlippedBytes_ReadsOrRefuses()
    {
        AffineTarget.Register();
        using var stream = new MemoryStream();
        var target = new AffineTarget(2, 3);
        using (var representation = new ImplicitRepresentation(target, target.Initialize(), SignalDomain.Grid(4, 5)))
            representation.Save(stream);
        Fuzz(stream.ToArray(), file => ImplicitRepresentation.Load(file).Dispose());
    }

    [Fact]
    public void LoadInr_FlippedBytesOfEveryStorage_ReadsOrRefuses()
    {
        AffineTarget.Register();
        Fuzz(InrStorageFileTests.Saved(), file => ImplicitRepresentation.Load(file).Dispose());
    }

    [Fact]
    public void LoadSafeTensors_FlippedBytes_ReadsOrRefuses()
    {
        using var stream = new MemoryStream();
        using (NewDisposeScope())
            SafeTensors.Write(stream, new Dictionary<string, Tensor> { ["a"] = zeros(2, 3), ["b"] = zeros(4, ScalarType.Bool) }, new Dictionary<string, string> { ["k"] = "v" });
        Fuzz(stream.ToArray(), file =>
        {
            using var reader = new SafeTensorsReader(file);
            reader.ReadAll();
        });
    }

    [Fact]
    public void ReadNpy_FlippedBytes_ReadsOrRefuses() =>
        Fuzz(Convert.FromBase64String(NumpySamples.Version1Npy), file => Npy.Read(file));

    [Theory]
    [InlineData(NumpySamples.StoredNpz)]
    [InlineData(NumpySamples.DeflatedNpz)]
    public void ReadNpz_FlippedBytes_ReadsOrRefuses(string sample) =>
        Fuzz(Convert.FromBase64String(sample), file => Npz.Read(file));

    private static void Fuzz(byte[] good, Action<Stream> read)
    {
        var random = new Random(12345);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = [.. good];
            for (int flips = random.Next(1, 5); flips > 0; flips--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            // Every fourth file is also cut.
            if (i % 4 == 0)
                file = file[..random.Next(file.Length)];
            using var scope = NewDisposeScope();
            try
            {
                read(new MemoryStream(file));
            }
            catch (InrFileException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Mutation {i} escaped: {Convert.ToBase64String(file)}", e);
            }
        }

        refused.Should().BeInRange(Mutations / 4, Mutations - 1, "the mutations reach both outcomes");
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
    }
}
