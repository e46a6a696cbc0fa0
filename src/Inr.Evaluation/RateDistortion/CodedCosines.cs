using System.Diagnostics;
using Inr.Parameterizations;

namespace Inr.Evaluation;

/// <summary>The library's own codec; its setting is the step of the levels in 255ths.</summary>
internal sealed class CodedCosines : IPictureCodec
{
    /// <summary>The name.</summary>
    public const string CodecName = CompressedFourierTarget.Kind;

    private const double Depth = 255;

    public string Name => CodecName;

    public string Summary => "coded cosines of this library, whole .inr files";

    public string? Version => null;

    public IReadOnlyList<double> Settings { get; } = [180, 124, 74, 47, 32, 22, 14, 9];

    public EncodedFile Encode(CodecPicture picture, double setting, CancellationToken cancellation)
    {
        using var fitter = new CompressedFourierFitter(new CompressedFourierOptions { Step = setting / Depth, Threads = TorchRuntime.Threads });
        var clock = Stopwatch.StartNew();
        using var fit = fitter.Fit(picture.Signal, cancellationToken: cancellation);
        cancellation.ThrowIfCancellationRequested();
        using var stream = new MemoryStream();
        fit.Representation.Save(stream);
        return new EncodedFile(stream.ToArray(), clock.Elapsed.TotalSeconds);
    }

    public (Signal Picture, double Seconds) Decode(CodecPicture picture, EncodedFile file, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(file.Bytes);
        var clock = Stopwatch.StartNew();
        using var representation = ImplicitRepresentation.Load(stream);
        using var rendered = representation.Render([.. representation.Domain.GridShape], cancellation);
        byte[] pixels = rendered.ToPixels8();
        double seconds = clock.Elapsed.TotalSeconds;
        return (ImageSignal.FromPixels(pixels, picture.Signal.Width(), picture.Signal.Height(), picture.Signal.Channels), seconds);
    }

    public double Between(double low, double high) => Math.Sqrt(low * high);
}
