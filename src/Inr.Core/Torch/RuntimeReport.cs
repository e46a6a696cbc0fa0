using System.Globalization;
using System.Text;

namespace Inr;

/// <summary>What <see cref="TorchRuntime.Describe"/> found. <see cref="ToString"/> prints it for people.</summary>
public sealed record RuntimeReport
{
    /// <summary>Whether TorchSharp's native half is loaded.</summary>
    public required bool Available { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> (with a usable GPU), <c>cuda without a GPU</c>, or <c>none</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>Version of TorchSharp.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>Version of libtorch that TorchSharp works with.</summary>
    public required string LibTorchVersion { get; init; }

    /// <summary>File that libtorch was loaded from; null where none is.</summary>
    public required string? LibTorchPath { get; init; }

    /// <summary>File that TorchSharp's native half was loaded from; null where it is not.</summary>
    public required string? LibraryPath { get; init; }

    /// <summary>The original, where <see cref="LibraryPath"/> is Inr's patched copy for an older C++ library; else null.</summary>
    public required string? PatchedFrom { get; init; }

    /// <summary>The value of the variable <c>INR_LIBTORCH</c>, or null.</summary>
    public required string? ChosenLibTorch { get; init; }

    /// <summary>Devices that <see cref="InrDevice"/> can resolve: <c>cpu</c>, <c>cuda:0</c>, …</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Threads of one tensor operation; 0 where libtorch is not loaded.</summary>
    public required int Threads { get; init; }

    /// <summary>Logical processors that this process may use.</summary>
    public required int Processors { get; init; }

    /// <summary>Vector units of the processor that matter here, for example <c>AVX2</c>, <c>AVX-512</c>, <c>AVX-512 BF16</c>.</summary>
    public required IReadOnlyList<string> Simd { get; init; }

    /// <summary>Operating system and its version, with the C and C++ libraries on Linux.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The platform as NuGet spells it, for example <c>linux-x64</c>.</summary>
    public required string RuntimeIdentifier { get; init; }

    /// <summary>Version of .NET.</summary>
    public required string Framework { get; init; }

    /// <summary>Kind of garbage collector.</summary>
    public required string GarbageCollector { get; init; }

    /// <summary>What would make it faster or steadier; one sentence each.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>What is wrong, each with its fix; empty where all is well.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The report as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Row(text, "backend", Backend);
        Row(text, "TorchSharp", TorchSharpVersion);
        Row(text, "libtorch", LibTorchPath is null ? $"not loaded (needs {LibTorchVersion})" : $"{LibTorchVersion} ({LibTorchPath})");
        Row(text, "native library", LibraryPath ?? "not loaded");
        Row(text, "patched copy", PatchedFrom is null ? "none" : $"yes, of {PatchedFrom}");
        Row(text, NativeLoader.FolderVariable, ChosenLibTorch ?? "not set");
        Row(text, "devices", Devices.Count == 0 ? "none" : string.Join(", ", Devices));
        Row(text, "threads", string.Create(CultureInfo.InvariantCulture, $"{Threads} of {Processors} processors"));
        Row(text, "SIMD", string.Join(", ", Simd));
        Row(text, "system", $"{OperatingSystem}, {RuntimeIdentifier}");
        Row(text, ".NET", $"{Framework}, {GarbageCollector} garbage collector");
        foreach (string line in Advice)
            Row(text, "advice", line);
        foreach (string line in Problems)
            Row(text, "problem", line);
        if (Problems.Count == 0)
            Row(text, "problems", "none");
        return text.ToString().TrimEnd();
    }

    private static void Row(StringBuilder text, string label, string value) =>
        text.Append(label.PadRight(16)).AppendLine(value.ReplaceLineEndings("\n" + new string(' ', 16)));
}
