using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Inr.Parameterizations;

/// <summary>Makes the target functions of this package known to files.</summary>
internal static class BuiltInTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Files name targets by kind; the package that brings a kind registers it when it starts.")]
    internal static void Register()
    {
        TargetRegistry.Register(DensePerceptron.Kind, DensePerceptron.FromOptions);
        TargetRegistry.Register(Siren.Kind, Siren.FromOptions);
        TargetRegistry.Register(ReluMlp.Kind, ReluMlp.FromOptions);
        TargetRegistry.Register(FourierFeatureMlp.Kind, FourierFeatureMlp.FromOptions);
        TargetRegistry.Register(PiecewiseFourierTarget.Kind, PiecewiseFourierTarget.FromOptions);
        TargetRegistry.Register(CompressedFourierTarget.Kind, CompressedFourierTarget.FromOptions);
        TargetRegistry.RegisterCompact(CompressedFourierTarget.Form, CompressedFourierTarget.FromBytes);
        TargetRegistry.Register(PartitionFourierTarget.Kind, PartitionFourierTarget.FromOptions);
        TargetRegistry.Register(CellFourierTarget.Kind, CellFourierTarget.FromOptions);
        TargetRegistry.Register(CosineTarget.Kind, CosineTarget.FromOptions);
        TargetRegistry.Register(BlockCosineTarget.Kind, o => BlockCosineTarget.FromOptions(o, global: false));
        TargetRegistry.Register(BlockCosineTarget.GlobalKind, o => BlockCosineTarget.FromOptions(o, global: true));
    }
}
