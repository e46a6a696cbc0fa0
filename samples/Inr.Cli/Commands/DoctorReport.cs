using Inr.Cli.Runtime;
using Inr.Parameterizations;

namespace Inr.Cli.Commands;

/// <summary>What <c>inr doctor --json</c> writes: the facts of the runtime report, with the device that the command would use.</summary>
internal sealed record DoctorReport
{
    /// <inheritdoc cref="RunContext.DeviceName"/>
    public required string Device { get; init; }

    /// <inheritdoc cref="RuntimeReport.Threads"/>
    public required int Threads { get; init; }

    /// <inheritdoc cref="RuntimeReport.Processors"/>
    public required int Processors { get; init; }

    /// <inheritdoc cref="RuntimeReport.Backend"/>
    public required string Backend { get; init; }

    /// <inheritdoc cref="RuntimeReport.TorchSharpVersion"/>
    public required string TorchSharp { get; init; }

    /// <inheritdoc cref="RuntimeReport.LibTorchVersion"/>
    public required string LibTorch { get; init; }

    /// <inheritdoc cref="RuntimeReport.Devices"/>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <inheritdoc cref="RuntimeReport.Simd"/>
    public required IReadOnlyList<string> Simd { get; init; }

    /// <summary>What computes perceptrons in float32 on the CPU.</summary>
    public required string Engine { get; init; }

    /// <inheritdoc cref="RuntimeReport.OperatingSystem"/>
    public required string OperatingSystem { get; init; }

    /// <inheritdoc cref="RuntimeReport.Framework"/>
    public required string Framework { get; init; }

    /// <inheritdoc cref="RuntimeReport.Advice"/>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <inheritdoc cref="RuntimeReport.Problems"/>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Picks the facts.</summary>
    public static DoctorReport Of(RuntimeReport report, RunContext context) => new()
    {
        Device = context.DeviceName,
        Threads = context.Threads,
        Processors = report.Processors,
        Backend = report.Backend,
        TorchSharp = report.TorchSharpVersion,
        LibTorch = report.LibTorchVersion,
        Devices = report.Devices,
        Simd = report.Simd,
        Engine = PerceptronEngine.IsEnabled ? PerceptronEngine.Name : "libtorch",
        OperatingSystem = report.OperatingSystem,
        Framework = report.Framework,
        Advice = report.Advice,
        Problems = report.Problems,
    };
}
