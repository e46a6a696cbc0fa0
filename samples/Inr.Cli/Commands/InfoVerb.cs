using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Parameterizations;

namespace Inr.Cli.Commands;

/// <summary><c>inr info F.inr</c>: what a file holds, without loading its numbers.</summary>
internal sealed class InfoVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Description = "An .inr file, or the file of a meta-learner.", HelpName = "FILE" };

    /// <summary>Describes the verb.</summary>
    public InfoVerb()
        : base("info", "Says what an .inr file or the file of a meta-learner holds.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_file);
        OutputFile.RequireDistinct(path, (CommonOptions.Json.Name, context.Json.Path));
        if (MetaLearner.IsLearner(path))
            return Describe(MetaLearner.ReadInfo(path), context);
        var info = InrFile.ReadInfo(path);
        var print = context.Terminal;
        print.WriteLine($"{"target",-12}{info.Kind}");
        print.WriteLine($"{"options",-12}{Listed(info.Options)}");
        print.WriteLine($"{"domain",-12}{info.Domain}");
        if (info.Format is { } format)
            print.WriteLine($"{"samples",-12}{format}");
        print.WriteLine($"{"floats",-12}{Text.Count(info.Floats)}");
        double? rate = info.Domain.IsGrid ? info.Bits / info.Domain.GridShape.Aggregate(1.0, (count, side) => count * side) : null;
        print.WriteLine($"{"bits",-12}{Text.Count(info.Bits)}{(rate is null ? "" : $", {Text.BitsPerSample(rate)} for each sample")}");
        double? weight = BitsPerWeight(info);
        if (weight is { } bits)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"weights",-12}{bits:0.##} bits for each"));
        print.WriteLine($"{"stored",-12}{Text.Bytes(info.StoredBytes)}");
        if (EngineOf(info) is { } engine)
            print.WriteLine($"{"engine",-12}{engine}");
        print.WriteLine($"{"format",-12}version {info.FormatVersion}{(InrFile.IsCompact(path) ? ", compact form" : "")}{(info.WrittenBy.Length > 0 ? $", written by {info.WrittenBy}" : "")}");
        // A compact form has no tensors.
        if (info.Tensors.Count > 0)
            print.WriteTable(["tensor", "type", "shape", "count"], info.Tensors.Select(t => (string[])[t.Name, t.TypeName, string.Join('×', t.Shape), Text.Count(t.Count)]));
        context.Json.WriteObject(new InfoReport
        {
            Target = info.Kind,
            Floats = info.Floats,
            Bits = info.Bits,
            BitsPerSample = rate,
            BitsPerWeight = weight,
            StoredBytes = info.StoredBytes,
            Options = info.Options,
            GridShape = info.Domain.IsGrid ? info.Domain.GridShape : null,
            FormatVersion = info.FormatVersion,
            SampleBits = info.Format?.Bits,
            SampleRate = info.Format is { SampleRate: > 0 } sound ? sound.SampleRate : null,
        });
        return ExitCodes.Done;
    }

    // Stored bits for each number of θ; null where θ is a code of its own, and for a target that is not known here.
    private static double? BitsPerWeight(InrFileInfo info)
    {
        try
        {
            var target = TargetRegistry.Create(new TargetDescription(info.Kind, info.Options));
            return target is ICompactTarget || target.Layout.FloatCount == 0 ? null : (double)info.Bits / target.Layout.FloatCount;
        }
        catch (InrFileException)
        {
            return null;
        }
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

    private static int Describe(MetaLearnerInfo info, RunContext context)
    {
        var (kind, options, target) = info.Description;
        var print = context.Terminal;
        print.WriteLine($"{"learner",-12}{kind}");
        print.WriteLine($"{"options",-12}{Listed(options)}");
        print.WriteLine($"{"target",-12}{target.Kind}");
        print.WriteLine($"{"options",-12}{Listed(target.Options)}");
        print.WriteLine($"{"trained on",-12}{info.TrainedOn?.ToString() ?? "the file does not say"}");
        print.WriteLine($"{"weights",-12}{Text.Count(info.Floats)}");
        print.WriteLine($"{"stored",-12}{Text.Bytes(info.StoredBytes)}");
        print.WriteLine($"{"format",-12}version {info.FormatVersion}");
        print.WriteTable(["tensor", "type", "shape", "count"], info.Tensors.Select(t => (string[])[t.Name, t.TypeName, string.Join('×', t.Shape), Text.Count(t.Count)]));
        context.Json.WriteObject(new LearnerReport
        {
            Learner = kind,
            LearnerOptions = options,
            Target = target.Kind,
            Options = target.Options,
            TrainedOn = info.TrainedOn is { IsGrid: true } domain ? domain.GridShape : null,
            Floats = info.Floats,
            StoredBytes = info.StoredBytes,
            FormatVersion = info.FormatVersion,
        });
        return ExitCodes.Done;
    }

    private static string Listed(JsonObject options) => Text.OneLine(string.Join(", ", options.Select(o => $"{o.Key} {o.Value?.ToJsonString() ?? "null"}")));
}
