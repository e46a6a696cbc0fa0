using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr;

/// <summary>What an <c>.inr</c> file says about itself; no tensor data is read and the kind need not be registered.</summary>
/// <param name="FormatVersion">The version of the format.</param>
/// <param name="Kind">The kind of the target function, such as <c>siren</c>.</param>
/// <param name="Options">The options that rebuild it.</param>
/// <param name="Domain">Where the signal was sampled.</param>
/// <param name="Floats">The count of stored numbers.</param>
/// <param name="StoredBytes">The size of the whole file.</param>
/// <param name="WrittenBy">The program and version that wrote the file; empty where it does not say.</param>
/// <param name="Tensors">Names, types and shapes, in the order of their bytes.</param>
public sealed record InrFileInfo(
    int FormatVersion,
    string Kind,
    JsonObject Options,
    SignalDomain Domain,
    long Floats,
    long StoredBytes,
    string WrittenBy,
    IReadOnlyList<SafeTensorsEntry> Tensors);
