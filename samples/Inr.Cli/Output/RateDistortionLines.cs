using System.Globalization;
using Inr.Evaluation;

namespace Inr.Cli.Output;

/// <summary>Shows a comparison of codecs on the terminal.</summary>
internal static class RateDistortionLines
{
    private static readonly double[] Rates = [0.15, 0.3, 0.5, 1, 2];

    /// <summary>PSNR at some rates, the rate-distortion measure, and times.</summary>
    public static void Print(RateDistortionResult result, Terminal terminal)
    {
        var means = result.Means();
        var gains = result.Gains().ToDictionary(g => g.Codec);
        terminal.WriteLine($"Means over {Text.Count(result.Signals.Count, "picture")}. PSNR in dB at bits a pixel, between settings by the logarithm of the rate. BD-rate: bits that {RateDistortionResult.Own} needs more (+) or less (−) at equal PSNR.");
        terminal.WriteTable(
            ["codec", .. Rates.Select(r => r.ToString(CultureInfo.InvariantCulture)), "BD-rate", "each picture", "from dB", "to dB", "encode s", "decode ms"],
            result.Codecs.Select(codec =>
            {
                var rows = means.Where(r => r.Codec == codec.Name).ToList();
                var gain = gains.GetValueOrDefault(codec.Name);
                return (IReadOnlyList<string>)[
                    codec.Name, .. Rates.Select(r => Text.Decibels(BjontegaardRate.PsnrAt(result.Curve(codec.Name), r))),
                    RateDistortionTables.Percent(gain?.Rate), gain is { PerSignal.Count: > 1 } ? $"{RateDistortionTables.Percent(gain.PerSignal.Min())} to {RateDistortionTables.Percent(gain.PerSignal.Max())}" : "-",
                    Text.Decibels(gain?.LowPsnr), Text.Decibels(gain?.HighPsnr), Text.Seconds(rows.Average(r => r.EncodeSeconds)), Text.Milliseconds(rows.Average(r => r.DecodeSeconds)),
                ];
            }));
        if (result.Published.Count == 0)
            return;
        terminal.WriteLine("Published curves of these pictures; the page has what must be said of each.");
        terminal.WriteTable(
            ["published", .. Rates.Select(r => r.ToString(CultureInfo.InvariantCulture)), "BD-rate", "from dB", "to dB"],
            result.Published.Select(curve => (IReadOnlyList<string>)[
                curve.Method, .. Rates.Select(r => Text.Decibels(BjontegaardRate.PsnrAt(curve.Points, r))),
                RateDistortionTables.Percent(gains[curve.Method].Rate), Text.Decibels(gains[curve.Method].LowPsnr), Text.Decibels(gains[curve.Method].HighPsnr),
            ]));
    }
}
