using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Runs the contract suite of target functions over the radiance fields.</summary>
public sealed class NerfMlpContractTests
{
    private static readonly Dictionary<string, Func<ITrainableTarget>> Rows = new()
    {
        ["nerf-mlp"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4 }),
        ["nerf-mlp with view directions"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4, ViewDirections = true, DirectionEncodingSize = 4 }),
        ["nerf-mlp with raw view directions"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 4, ViewDirections = true, DirectionEncodingSize = 0 }),
        ["nerf-mlp with a mask of space"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4, MaskResolution = 5 }),
    };

    private static readonly Dictionary<string, Action<TargetCase>> Checks = new()
    {
        ["batch equals loop"] = TargetContract.BatchEqualsLoop,
        ["points are independent"] = TargetContract.PointsAreIndependent,
        ["arguments stay untouched"] = TargetContract.ArgumentsUntouched,
        ["same seed, same bits"] = field => TargetContract.DeterministicUnderSeed((ITrainableTarget)field.Target),
        ["description rebuilds the function"] = TargetContract.DescriptionRebuilds,
        ["gradients match finite differences"] = field => TargetContract.GradientsMatchFiniteDifferences(field),
        ["wrong shapes are refused"] = TargetContract.WrongShapesRefused,
        ["no tensor left"] = TargetContract.NoTensorLeft,
        ["bound equals evaluate"] = BoundContract.BoundEqualsEvaluate,
        ["slopes match finite differences"] = BoundContract.JacobianMatchesFiniteDifferences,
        ["chunks equal the whole"] = BoundContract.ChunksEqualWhole,
        ["bound is a snapshot"] = BoundContract.BoundIsASnapshot,
        ["binding leaves no tensor"] = BoundContract.NoTensorLeft,
        ["names devices"] = DeviceContract.TargetNamesDevices,
        // ReLU has no meta kernel in libtorch's C++ library.
        ["not on meta, for the reason given"] = field => DeviceContract.TargetLacksMeta(field, "aten::relu"),
    };

    public static IEnumerable<object[]> All => from row in Rows.Keys from check in Checks.Keys select new object[] { row, check };

    [Theory, MemberData(nameof(All))]
    public void Field_KeepsTheContract(string row, string check) => Checks[check](new TargetCase(Rows[row]()));
}
