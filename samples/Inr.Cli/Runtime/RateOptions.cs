using System.CommandLine;
using Inr.Evaluation;

namespace Inr.Cli.Runtime;

/// <summary>How small or how good a coded signal is: one of four options.</summary>
internal sealed class RateOptions
{
    private readonly Option<double?> _quality = new("--quality") { Description = "Coded signals: 0 to 100, where 10 more halve the step of the levels; 50 by default.", HelpName = "Q" };
    private readonly Option<double?> _bitsPerSample = new("--bits-per-sample") { Description = "Coded signals: the most bits of the file for each pixel, or moment of a sound.", HelpName = "B" };
    private readonly Option<double?> _psnr = new("--psnr") { Description = "Coded signals: the least PSNR in dB.", HelpName = "DB" };
    private readonly Option<long?> _bytes = new("--bytes") { Description = "Coded signals: the most bytes of a file.", HelpName = "N" };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_quality, _bitsPerSample, _psnr, _bytes];

    /// <summary>Puts what the user chose into settings.</summary>
    /// <exception cref="CliException">Two of them were given, or a value is out of range.</exception>
    public TargetSettings Apply(ParseResult arguments, TargetSettings settings)
    {
        var given = All.Where(o => arguments.GetResult(o) is { Implicit: false }).ToList();
        if (given.Count > 1)
            throw CliException.BadUsage($"{given[0].Name} and {given[1].Name} exclude each other: name one goal.");
        double? quality = arguments.GetValue(_quality);
        if (quality is { } q && !(q is >= 0 and <= 100))
            throw CliException.Failed(FormattableString.Invariant($"{_quality.Name} is {q}; it must be from 0 to 100."));
        Require.Positive(_bitsPerSample.Name, arguments.GetValue(_bitsPerSample));
        Require.Positive(_psnr.Name, arguments.GetValue(_psnr));
        Require.AtLeast<long>(_bytes.Name, arguments.GetValue(_bytes), 1);
        return settings with
        {
            Quality = quality,
            BitsPerSample = arguments.GetValue(_bitsPerSample),
            Psnr = arguments.GetValue(_psnr),
            FileBytes = arguments.GetValue(_bytes),
        };
    }
}
