using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr;

/// <summary>What an <c>.inr</c> file says about itself; no tensor data is read and neither kind need be registered.</summary>
/// <param name="FormatVersion">The version of the format.</param>
/// <param name="Kind">The kind of the target function, such as <c>siren</c>.</param>
/// <param name="Options">The options that rebuild it.</param>
/// <param name="Domain">Where the signal was sampled.</param>
/// <param name="Floats">The count of stored numbers, as <see cref="TensorStorage"/> counts them. Loading verifies it.</param>
/// <param name="Bits">The count of stored bits, as <see cref="TensorStorage"/> counts them. Loading verifies it.</param>
/// <param name="StoredBytes">The size of the whole file.</param>
/// <param name="WrittenBy">The program and version that wrote the file; empty where it does not say.</param>
/// <param name="Storage">The kind of storage of each tensor of θ that is not kept as plain numbers, by its name.</param>
/// <param name="Tensors">Names, types and shapes of what the file holds, in the order of the bytes: plain tensors of θ, and the parts of the others.</param>
public sealed record InrFileInfo(
    int FormatVersion,
    string Kind,
    JsonObject Options,
    SignalDomain Domain,
    long Floats,
    long Bits,
    long StoredBytes,
    string WrittenBy,
    IReadOnlyDictionary<string, string> Storage,
    IReadOnlyList<SafeTensorsEntry> Tensors)
{
    /// <summary>How the file of the signal stores its samples; null where nothing is known.</summary>
    public SampleFormat? Format { get; init; }
}
