using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Inr.Evaluation;

/// <summary>A codec that a program of the system computes.</summary>
internal sealed partial class CodecTool : IPictureCodec
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Func<CodecPicture, string, double, string[]> _encode;
    private readonly Func<string, string, string[]> _decode;
    private string? _encoder;
    private string? _decoder;

    private CodecTool(
        string name,
        string summary,
        string package,
        string encoder,
        string decoder,
        Func<CodecPicture, string, double, string[]> encode,
        Func<string, string, string[]> decode)
    {
        Name = name;
        Summary = summary;
        Package = package;
        EncoderName = encoder;
        DecoderName = decoder;
        _encode = encode;
        _decode = decode;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <summary>The package of Debian that has the programs.</summary>
    public string Package { get; }

    /// <summary>The program that encodes.</summary>
    public string EncoderName { get; }

    /// <summary>The program that decodes.</summary>
    public string DecoderName { get; }

    /// <inheritdoc/>
    public string? Version { get; private set; }

    /// <inheritdoc/>
    public required IReadOnlyList<double> Settings { get; init; }

    /// <summary>The ending of its files.</summary>
    public required string Ending { get; init; }

    /// <summary>The ending of what it decodes to.</summary>
    public string DecodedEnding { get; init; } = ".ppm";

    /// <summary>The arguments that make the encoder say its version.</summary>
    public required string[] AskVersion { get; init; }

    /// <summary>Whether settings are whole numbers.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether it keeps color in full and has other files for grey.</summary>
    public bool IsForColorOnly { get; init; }

    /// <summary>All that are known; those that the system has have a <see cref="Version"/>.</summary>
    public static IReadOnlyList<CodecTool> All()
    {
        CodecTool[] tools =
        [
            Jpeg("jpeg-444", "JPEG, color whole, optimized, progressive", "1x1"),
            Jpeg("jpeg-420", "JPEG, color halved, optimized, progressive", "2x2"),
            new("jpeg-2000", "JPEG 2000, irreversible 9/7", "libopenjp2-tools", "opj_compress", "opj_decompress",
                (picture, file, bits) => ["-i", picture.Pnm, "-o", file, "-r", Number((picture.IsGrey ? 8 : 24) / bits), "-I"],
                (file, decoded) => ["-i", file, "-o", decoded])
            { Settings = [0.1, 0.2, 0.35, 0.6, 1, 1.6, 2.4], Ending = ".j2k", AskVersion = ["-h"], IsWhole = false },
            new("webp", "WebP, method 6", "webp", "cwebp", "dwebp",
                (picture, file, quality) => ["-quiet", "-m", "6", "-q", Number(quality), picture.Png, "-o", file],
                (file, decoded) => ["-quiet", file, "-ppm", "-o", decoded])
            { Settings = [1, 10, 30, 55, 75, 86, 93, 97], Ending = ".webp", AskVersion = ["-version"] },
            new("avif-444", "AVIF, color whole, aom at speed 6, tuned for PSNR", "libavif-bin", "avifenc", "avifdec",
                (picture, file, level) => ["-s", "6", "-j", "1", "-y", picture.IsGrey ? "400" : "444", "--min", "0", "--max", "63", "-a", "end-usage=q", "-a", $"cq-level={Number(level)}", "-a", "tune=psnr", picture.Png, file],
                (file, decoded) => [file, decoded])
            { Settings = [63, 56, 48, 40, 32, 25, 18, 11], Ending = ".avif", DecodedEnding = ".png", AskVersion = ["--version"] },
        ];
        foreach (var tool in tools)
            tool.Find();
        return tools;
    }

    /// <inheritdoc/>
    public EncodedFile Encode(CodecPicture picture, double setting, CancellationToken cancellation)
    {
        string file = Path.Combine(picture.Folder, Name + Ending);
        double seconds = Run(_encoder!, _encode(picture, file, setting), cancellation);
        return new EncodedFile(File.ReadAllBytes(file), seconds);
    }

    /// <inheritdoc/>
    public (Signal Picture, double Seconds) Decode(CodecPicture picture, EncodedFile file, CancellationToken cancellation)
    {
        string path = Path.Combine(picture.Folder, Name + Ending);
        string decoded = Path.Combine(picture.Folder, Name + (DecodedEnding == ".ppm" && picture.IsGrey && Name != "webp" ? ".pgm" : DecodedEnding));
        File.WriteAllBytes(path, file.Bytes);
        double seconds = Run(_decoder!, _decode(path, decoded), cancellation);
        return (picture.Read(decoded), seconds);
    }

    /// <inheritdoc/>
    public double Between(double low, double high) => IsWhole ? Math.Round((low + high) / 2) : Math.Sqrt(low * high);

    private static CodecTool Jpeg(string name, string summary, string sampling) => new(name, summary, "libjpeg-turbo-progs", "cjpeg", "djpeg",
        (picture, file, quality) => ["-quality", Number(quality), "-optimize", "-progressive", .. picture.IsGrey ? ["-grayscale"] : (string[])["-sample", sampling], "-outfile", file, picture.Pnm],
        (file, decoded) => ["-pnm", "-outfile", decoded, file])
    { Settings = [5, 10, 18, 32, 52, 72, 86, 94], Ending = ".jpg", AskVersion = ["-version"], IsForColorOnly = sampling != "1x1" };

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private void Find()
    {
        _encoder = PathOf(EncoderName);
        _decoder = PathOf(DecoderName);
        if (_encoder is null || _decoder is null)
            return;
        try
        {
            Version = $"{EncoderName} {VersionNumber().Match(Output(_encoder, AskVersion)).Value}".TrimEnd();
        }
        catch (Exception e) when (e is InrException or System.ComponentModel.Win32Exception)
        {
            // A program that does not start is as good as none.
        }
    }

    private static string? PathOf(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => OperatingSystem.IsWindows() ? [Path.Combine(folder, program + ".exe")] : (string[])[Path.Combine(folder, program)])
        .FirstOrDefault(File.Exists);

    private static string Output(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill(entireProcessTree: true);
            throw new InrException($"'{program}' does not end.");
        }

        return output.Result + error.Result;
    }

    private static double Run(string program, string[] arguments, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        using (cancellation.Register(() => process.Kill(entireProcessTree: true)))
        {
            if (!process.WaitForExit(Longest))
            {
                process.Kill(entireProcessTree: true);
                throw new InrException($"'{program}' did not end within {Longest.TotalMinutes} minutes.");
            }
        }

        double seconds = clock.Elapsed.TotalSeconds;
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? seconds
            : throw new InrException($"'{Path.GetFileName(program)} {string.Join(' ', arguments)}' failed with {process.ExitCode}: {ReportText.OneLine(error.Result + output.Result)}");
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionNumber();
}
