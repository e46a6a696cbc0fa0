using System.CommandLine;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Parameterizations;

namespace Inr.Cli.Commands;

/// <summary><c>inr info F.inr</c>: what a file holds, without loading its numbers.</summary>
internal sealed class InfoVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Description = "An .inr file.", HelpName = "F.inr" };

    /// <summary>Describes the verb.</summary>
    public InfoVerb()
        : base("info", "Says what an .inr file holds.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_file);
        OutputFile.RequireDistinct(path, (CommonOptions.Json.Name, context.Json.Path));
        var info = InrFile.ReadInfo(path);
        var print = context.Terminal;
        print.WriteLine($"{"target",-12}{info.Kind}");
        print.WriteLine($"{"options",-12}{string.Join(", ", info.Options.Select(o => $"{o.Key} {o.Value?.ToJsonString() ?? "null"}"))}");
        print.WriteLine($"{"domain",-12}{info.Domain}");
        if (info.Format is { } format)
            print.WriteLine($"{"samples",-12}{format}");
        print.WriteLine($"{"floats",-12}{Text.Count(info.Floats)}");
        double? rate = info.Domain.IsGrid ? info.Bits / info.Domain.GridShape.Aggregate(1.0, (count, side) => count * side) : null;
        print.WriteLine($"{"bits",-12}{Text.Count(info.Bits)}{(rate is null ? "" : $", {Text.BitsPerSample(rate)} for each sample")}");
        print.WriteLine($"{"stored",-12}{Text.Bytes(info.StoredBytes)}");
        if (EngineOf(info) is { } engine)
            print.WriteLine($"{"engine",-12}{engine}");
        print.WriteLine($"{"format",-12}version {info.FormatVersion}{(info.WrittenBy.Length > 0 ? $", written by {info.WrittenBy}" : "")}");
        print.WriteTable(["tensor", "type", "shape", "count"], info.Tensors.Select(t => (string[])[t.Name, t.TypeName, string.Join('×', t.Shape), Text.Count(t.Count)]));
        context.Json.WriteObject(new InfoReport
        {
            Target = info.Kind,
            Floats = info.Floats,
            Bits = info.Bits,
            BitsPerSample = rate,
            StoredBytes = info.StoredBytes,
            Options = info.Options,
            GridShape = info.Domain.IsGrid ? info.Domain.GridShape : null,
            FormatVersion = info.FormatVersion,
            SampleBits = info.Format?.Bits,
            SampleRate = info.Format is { SampleRate: > 0 } sound ? sound.SampleRate : null,
        });
        return ExitCodes.Done;
    }

    // What evaluates a perceptron in float32 on the CPU; null for another target, also for one that is not known here.
    private static string? EngineOf(InrFileInfo info)
    {
        try
        {
            return TargetRegistry.Create(new TargetDescription(info.Kind, info.Options)) is Perceptron target
                ? PerceptronEngine.Computes(target) ? PerceptronEngine.Name : "libtorch"
                : null;
        }
        catch (InrFileException)
        {
            return null;
        }
    }
}
