namespace Inr.Testing;

/// <summary>What every representation promises of files, in whatever way its parameters are kept.</summary>
public static class StorageContract
{
    private static readonly Dictionary<string, Func<Tensor, TensorStorage>> Kinds = new()
    {
        ["dense"] = TensorStorage.Dense,
        ["half"] = t => TensorStorage.Half(t),
        ["bfloat16"] = t => TensorStorage.Half(t, ScalarType.BFloat16),
        ["quantized"] = t => TensorStorage.Quantized(t, 5),
        ["entropy-coded"] = t => TensorStorage.EntropyCoded(t, 9),
        ["masked"] = t => TensorStorage.Masked(t, t.abs().gt(t.abs().mean())),
        ["masked and quantized"] = t => TensorStorage.Masked(t, t.abs().gt(t.abs().mean()), v => TensorStorage.Quantized(v, 12)),
        ["masked and entropy-coded"] = t => TensorStorage.Masked(t, t.abs().gt(t.abs().mean()), v => TensorStorage.EntropyCoded(v, 4)),
    };

    /// <summary>The ways to keep a tensor that the suite goes through.</summary>
    public static IEnumerable<string> Names => Kinds.Keys;

    /// <summary>A file gives the same stored parameters, the same θ and the same function; what it says of itself is what is counted.</summary>
    /// <remarks>What is trained is kept in the way under test; structures and fixed frequencies stay plain, since they allow no loss.</remarks>
    public static void SaveAndLoadKeepsIt(TargetCase row)
    {
        foreach (string name in Names)
        {
            using var scope = NewDisposeScope();
            using var plain = new ImplicitRepresentation(row.Target, row.Draw(0), SignalDomain.Scattered(row.Target.InputDimension));
            using var saved = plain.WithStorage((spec, t) => spec.IsTrainable ? Kinds[name](t) : TensorStorage.Dense(t));
            string path = Path.Combine(Path.GetTempPath(), $"inr-contract-{Guid.NewGuid():N}.inr");
            try
            {
                saved.Save(path);
                using var loaded = ImplicitRepresentation.Load(path);
                loaded.Stored.Select(s => s.ToString()).Should().Equal(saved.Stored.Select(s => s.ToString()), name);
                for (int i = 0; i < row.Target.Layout.Count; i++)
                    Close.ShouldBeSame(loaded.Parameters[i], saved.Parameters[i], name);
                var points = TargetContract.Points(row.Target, 19, 3).to(ScalarType.Float32);
                Close.ShouldBeSame(loaded.Evaluate(points), saved.Evaluate(points), name);
                var info = InrFile.ReadInfo(path);
                (info.Floats, info.Bits).Should().Be((saved.FloatCount, saved.BitCount), name);
                if (name == "dense")
                    (loaded.FloatCount, loaded.BitCount).Should().Be((row.Target.Layout.FloatCount, 32 * row.Target.Layout.FloatCount));
                else if (row.Target.Layout.Any(spec => spec.IsTrainable))
                    loaded.BitCount.Should().BeLessThan(32 * loaded.FloatCount, name);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Keeping, saving and loading leave no tensor behind.</summary>
    public static void NoTensorLeft(TargetCase row) => LiveTensors.ShouldStayFlat(() =>
    {
        using var plain = new ImplicitRepresentation(row.Target, row.Draw(0), SignalDomain.Scattered(row.Target.InputDimension));
        using var saved = plain.WithStorage((spec, t) => spec.IsTrainable ? TensorStorage.EntropyCoded(t, 6) : TensorStorage.Dense(t));
        using var file = new MemoryStream();
        saved.Save(file);
        file.Position = 0;
        using var loaded = ImplicitRepresentation.Load(file);
        _ = loaded.Parameters;
    }, runs: 3);
}
