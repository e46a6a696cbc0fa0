using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Inr;

/// <summary>
/// The wish for a device, as configuration spells it: <c>auto</c> (the first CUDA GPU, else the CPU), <c>cpu</c>,
/// <c>cuda</c> (the first GPU) or <c>cuda:n</c> (the GPU n, counted from 0). It needs no native library until <see cref="Resolve"/>.
/// </summary>
public sealed record InrDevice
{
    private const string AutoName = "auto";
    private const string CpuName = "cpu";
    private const string CudaName = "cuda";

    private readonly string _kind;

    private InrDevice(string kind, int? index = null) => (_kind, Index) = (kind, index);

    /// <summary>The first CUDA GPU where there is one, else the CPU.</summary>
    public static InrDevice Auto { get; } = new(AutoName);

    /// <summary>The CPU.</summary>
    public static InrDevice Cpu { get; } = new(CpuName);

    /// <summary>The first CUDA GPU.</summary>
    public static InrDevice Cuda { get; } = new(CudaName);

    /// <summary>Number of the GPU, from 0; null where none was named.</summary>
    public int? Index { get; }

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>; upper and lower case are the same.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static InrDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out InrDevice? device)
            ? device
            : throw new FormatException($"'{text}' is not a device; use auto, cpu, cuda or cuda:n with n from 0.");
    }

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>; upper and lower case are the same.</summary>
    /// <param name="text">The text.</param>
    /// <param name="device">The device, when the result is <see langword="true"/>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out InrDevice? device)
    {
        string wish = text?.Trim().ToLowerInvariant() ?? string.Empty;
        device = wish switch
        {
            AutoName => Auto,
            CpuName => Cpu,
            CudaName => Cuda,
            _ => null,
        };
        if (device is null && wish.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(wish.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            device = new InrDevice(CudaName, index);
        }

        return device is not null;
    }

    /// <summary>Turns the wish into a device of this process.</summary>
    /// <exception cref="DeviceUnavailableException">A CUDA GPU was asked for that is not there.</exception>
    /// <exception cref="TorchRuntimeException">TorchSharp cannot be loaded.</exception>
    public Device Resolve()
    {
        TorchRuntime.EnsureLoaded();
        if (_kind == CpuName || (_kind == AutoName && !cuda.is_available()))
            return CPU;

        int index = Index ?? 0;
        int count = cuda.is_available() ? cuda.device_count() : 0;
        return index < count ? device(DeviceType.CUDA, index) : throw new DeviceUnavailableException(this, Explain(count));
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Index is { } index ? string.Create(CultureInfo.InvariantCulture, $"{_kind}:{index}") : _kind;

    private static string Explain(int count) => (count, LoadedLibraries.Find("torch_cuda")) switch
    {
        (1, _) => "There is one CUDA GPU; use cuda:0.",
        ( > 1, _) => $"There are {count} CUDA GPUs; use cuda:0 to cuda:{count - 1}.",
        (_, null) => "The app runs a CPU-only libtorch; replace the package TorchSharp-cpu by TorchSharp-cuda-windows or " +
            "TorchSharp-cuda-linux, or set INR_LIBTORCH to the 'lib' folder of a CUDA build of libtorch or PyTorch. Else use cpu or auto.",
        _ => "libtorch has CUDA, but sees no GPU that it can use; check the NVIDIA driver (nvidia-smi) and the variable CUDA_VISIBLE_DEVICES. " +
            "Else use cpu or auto.",
    };
}
