using Inr.Parameterizations.Tests.Contract;

namespace Inr.Parameterizations.Tests.Compression;

/// <summary>Every target function of the table in coded form.</summary>
public sealed class CompressionContractTests
{
    [Theory]
    [MemberData(nameof(TargetTable.Names), MemberType = typeof(TargetTable))]
    public void Compress_KeepsTheFunction_AndItsBytesGiveTheSameBits(string name)
    {
        if (TargetTable.Get(name).Target is CompressedFourierTarget)
            return;
        using var scope = NewDisposeScope();
        using var theta = TargetTable.Get(name).Draw(0);
        var target = TargetTable.Get(name).Target;
        int[] grid = Fits(target) ?? [.. Enumerable.Repeat(target.InputDimension == 1 ? 130 : target.InputDimension == 2 ? 24 : 9, target.InputDimension)];
        using var source = new ImplicitRepresentation(target, theta.Clone(), SignalDomain.Grid(grid));
        using var coded = source.Compress(new CompressionOptions { Psnr = 45 });
        using var file = new MemoryStream();
        coded.Save(file);
        file.Position = 0;
        using var loaded = ImplicitRepresentation.Load(file);
        foreach (var (a, b) in loaded.Parameters.Tensors.Zip(coded.Parameters.Tensors))
            a.bytes.ToArray().Should().Equal(b.bytes.ToArray());
        foreach (var (spec, a, b) in target.Layout.Zip(loaded.Parameters.Tensors, theta.Tensors).Where(t => t.First.Role == ParameterRole.Structure))
            a.bytes.ToArray().Should().Equal(b.bytes.ToArray(), spec.Name);
        using var before = source.Render();
        using var after = loaded.Render();
        Psnr.Of(before.Values, after.Values).Should().BeGreaterThan(44);
        // Small ones pay for their steps and for what the probabilities have to learn.
        loaded.BitCount.Should().BeLessThan((16 * target.Layout.FloatCount) + 100);
        using var again = new MemoryStream();
        loaded.Save(again);
        again.ToArray().Should().Equal(file.ToArray());
    }

    // The grid that a structure belongs to.
    private static int[]? Fits(ITargetFunction target) => target.Description.Options["grid"] is System.Text.Json.Nodes.JsonArray grid ? [.. grid.Select(n => n!.GetValue<int>())] : null;
}
