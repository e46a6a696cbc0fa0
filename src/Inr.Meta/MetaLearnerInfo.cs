using Inr.Files;

namespace Inr;

/// <summary>What the file of a meta-learner says about itself; no tensor data is read and neither kind need be registered.</summary>
/// <param name="FormatVersion">The version of the format.</param>
/// <param name="Description">The kinds and options of the learner and of its target function.</param>
/// <param name="TrainedOn">The sampling of the signals that it was trained on; null where the file does not say.</param>
/// <param name="Floats">The count of all weights.</param>
/// <param name="StoredBytes">The size of the whole file.</param>
/// <param name="Tensors">Names, types and shapes of the weights, in the order of their bytes.</param>
public sealed record MetaLearnerInfo(
    int FormatVersion,
    MetaLearnerDescription Description,
    SignalDomain? TrainedOn,
    long Floats,
    long StoredBytes,
    IReadOnlyList<SafeTensorsEntry> Tensors);
