using Inr.Parameterizations;

namespace Inr.Examples;

/// <summary>A storage kind in one file outside the library: it stores, counts, saves and loads like the built-in ones.</summary>
public sealed class TernaryStorageTests
{
    public TernaryStorageTests() => TernaryStorage.Register();

    [Fact]
    public void SaveAndLoad_KeepsTheThreeLevels()
    {
        using var scope = NewDisposeScope();
        var siren = new Siren(2, 3, new SirenOptions { Width = 16, HiddenLayers = 1 });
        using var dense = new ImplicitRepresentation(siren, siren.Initialize(), SignalDomain.Grid(8, 8));
        using var ternary = dense.WithStorage((spec, t) => spec.Name == "1.weight" ? TernaryStorage.From(t) : TensorStorage.Dense(t));
        using var file = new MemoryStream();
        ternary.Save(file);
        file.Position = 0;
        using var loaded = ImplicitRepresentation.Load(file);

        loaded.Stored["1.weight"].Should().BeOfType<TernaryStorage>();
        loaded.Parameters["1.weight"].abs().unique().Item1.numel().Should().Be(2);
        // 256 weights in 52 bytes and a level, the rest in 32 bits each.
        loaded.BitCount.Should().Be((52 * 8) + 32 + (32 * (siren.Layout.FloatCount - 256)));
        loaded.FloatCount.Should().Be(siren.Layout.FloatCount + 1);
        using var before = ternary.Render();
        using var after = loaded.Render();
        after.Values.Equals(before.Values).Should().BeTrue();
    }

    [Fact]
    public void Load_PartsThatDoNotFit_AreRefusedByTheLibrary()
    {
        using var scope = NewDisposeScope();
        using var storage = TernaryStorage.From(ones(3, 4));
        ((Action)(() => StorageRegistry.Read("ternary", [3, 5], storage.Encode()))).Should().NotThrow("both take three bytes");
        ((Action)(() => StorageRegistry.Read("ternary", [4, 5], storage.Encode()))).Should().Throw<InrFileException>().WithMessage("*'ternary' is invalid: 20 weights take 4 bytes*");
    }
}
