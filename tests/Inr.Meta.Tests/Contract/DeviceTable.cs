using System.Reflection;
using Inr.Meta.Tests.Gradient;
using Inr.Parameterizations;

namespace Inr.Meta.Tests.Contract;

/// <summary>Learners whose passes are proved to be ready for a GPU: every named method and every row of <see cref="FamilyTable"/>, the transformer, test-time steps.</summary>
public static class DeviceTable
{
    private const int Side = 8;

    private static readonly Dictionary<string, Func<Device, DeviceCase>> Rows = CreateRows();

    // Operations without a meta kernel in libtorch's C++ library, by the row that needs one.
    private static readonly Dictionary<string, string> LacksOnMeta = new()
    {
        ["maml, solved layer on siren"] = "aten::_cholesky_solve_helper",
        ["step size per tensor on siren"] = "aten::index_select",
        ["step size per tensor and step on siren"] = "aten::index_select",
        ["transformer on patches"] = "aten::native_batch_norm",
        ["transformer on sets of samples"] = "aten::native_batch_norm",
        ["transformer that adds low ranks and biases"] = "aten::native_batch_norm",
        ["transformer with a solved layer"] = "aten::native_batch_norm",
    };

    // The backward pass of clamp_max needs aten::where, and what is missing in a backward pass ends the process: not to be tried.
    private static readonly string[] EndsOnMeta = ["maml, clipped on siren"];

    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>Every row but those whose target has no meta kernels itself (<c>TargetTable</c> says which) and those that read numbers back between their steps.</summary>
    public static TheoryData<string> NamesOnMeta => [.. Rows.Keys.Where(n => !LacksOnMeta.ContainsKey(n) && !EndsOnMeta.Contains(n) && !n.EndsWith("relu-mlp", StringComparison.Ordinal) && !n.EndsWith("cell-fourier", StringComparison.Ordinal))];

    public static TheoryData<string, string> NamesNotOnMeta
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (name, operation) in LacksOnMeta)
                rows.Add(name, operation);
            return rows;
        }
    }

    public static DeviceCase Get(string name, Device device) => Rows[name](device);

    private static Dictionary<string, Func<Device, DeviceCase>> CreateRows()
    {
        var rows = new Dictionary<string, Func<Device, DeviceCase>>();
        foreach (var method in typeof(GradientMethods).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            object?[] defaults = [.. method.GetParameters().Select(p => p.DefaultValue)];
            rows[$"GradientMethods.{method.Name}"] = device => Gradient("siren", (GradientMetaOptions)method.Invoke(null, defaults)!, device);
        }

        foreach (object[] row in FamilyTable.Rows)
            rows[$"{row[0]} on {row[1]}"] = device => Gradient((string)row[1], FamilyTable.Method((string)row[0]), device);
        rows["maml, random samples on siren"] = device => Gradient("siren", new GradientMetaOptions { Selection = ContextSelection.Random, SelectionShare = 0.5, SelectInAdaptation = true }, device);

        rows["transformer on patches"] = device => Transformer(Side, device, o => o);
        rows["transformer on sets of samples"] = device => Transformer(null, device, o => o with { SamplesPerToken = 10 });
        rows["transformer that adds low ranks and biases"] = device => Transformer(Side, device, o => o with { UpdateRule = WeightUpdateRule.LowRank, InstanceBiases = true, GroupOrder = GroupOrder.Strided });
        rows["transformer with a solved layer"] = device => Transformer(Side, device, o => o with { SolveLinearPart = true });
        return rows;
    }

    private static DeviceCase Gradient(string target, GradientMetaOptions options, Device device)
    {
        var learner = new GradientMetaLearner(FamilyTable.Target(target), options, device: device);
        using var drawn = FamilyTable.Batch(2, 2, ScalarType.Float32);
        return new DeviceCase(learner, learner.AsObjective(), new MetaBatch(drawn.Context.To(device), drawn.Query.To(device)));
    }

    private static DeviceCase Transformer(int? side, Device device, Func<TransformerOptions, TransformerOptions> change)
    {
        var options = change(new TransformerOptions { Dimension = 16, Depth = 1, Heads = 2, HeadDimension = 8, FeedForward = 16, PatchSize = 4, WeightGroups = 4 });
        var learner = new TransformerMetaLearner(new ReluMlp(2, 1, new ReluMlpOptions { Width = 6, Depth = 3, EncodingSize = 8, MaxFrequency = 4 }), side, options, device);
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var values = rand([2, Side * Side, 1], dtype: float32, device: CPU, generator: generator);
        var context = new SignalBatch(CoordinateGrid.Create([Side, Side]).to(device), values.to(device), null, SignalDomain.Grid([Side, Side]));
        context.Coordinates.DetachFromDisposeScope();
        context.Values.DetachFromDisposeScope();
        return new DeviceCase(learner, learner.Objective, new MetaBatch(context));
    }
}
