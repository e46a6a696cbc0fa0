using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Inr;

/// <summary>Which vector units the processor has.</summary>
internal static class ProcessorFeatures
{
    /// <summary>Names of the vector units that matter for tensor arithmetic.</summary>
    public static IReadOnlyList<string> Vectors()
    {
        var names = new List<string>();
        Add(names, AdvSimd.IsSupported, "NEON");
        Add(names, Avx2.IsSupported, "AVX2");
        Add(names, Fma.IsSupported, "FMA");
        Add(names, Avx512F.IsSupported, "AVX-512");

        // .NET has no flag for these; where they are, libtorch multiplies bfloat16 matrices several times faster.
        HashSet<string> flags = LinuxFlags();
        Add(names, flags.Contains("avx512_bf16"), "AVX-512 BF16");
        Add(names, flags.Contains("amx_bf16"), "AMX BF16");
        int width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        names.Add($".NET vectors of {width} bits");
        return names;
    }

    private static void Add(List<string> names, bool present, string name)
    {
        if (present)
            names.Add(name);
    }

    private static HashSet<string> LinuxFlags()
    {
        const string CpuInfo = "/proc/cpuinfo";
        try
        {
            string? line = File.Exists(CpuInfo)
                ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("flags", StringComparison.Ordinal))
                : null;
            return [.. line?.Split(' ') ?? []];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
