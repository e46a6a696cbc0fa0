using System.CommandLine;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Meta;

namespace Inr.Cli.Commands;

/// <summary><c>inr import trans-inr F.pth --out F</c>: an official checkpoint becomes a learner of this library.</summary>
internal sealed class ImportVerb : Verb
{
    private const string TransInr = "trans-inr";

    private readonly Argument<string> _format = new("format") { Description = $"What wrote the checkpoint: {TransInr}.", HelpName = "FORMAT" };
    private readonly Argument<string> _checkpoint = new("checkpoint") { Description = "The checkpoint. It is read, never executed.", HelpName = "F.pth" };
    private readonly Option<string> _out = new("--out") { Description = "The learner, for meta-eval.", HelpName = "F", Required = true };

    /// <summary>Describes the verb.</summary>
    public ImportVerb()
        : base("import", "Turns an official checkpoint into a learner.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_format, _checkpoint, _out];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string format = arguments.GetRequiredValue(_format);
        if (format != TransInr)
            throw CliException.Failed($"There is no format '{format}'; known is {TransInr}.");
        string source = arguments.GetRequiredValue(_checkpoint);
        string path = arguments.GetRequiredValue(_out);
        OutputFile.Check(_out.Name, path);
        OutputFile.RequireDistinct(source, (_out.Name, path), (CommonOptions.Json.Name, context.Json.Path));

        using var learner = TransInrImport.Load(source, context.Device.Resolve());
        learner.Save(path);
        long weights = learner.Weights.Sum(w => w.Tensor.numel());
        long floats = learner.Target.Layout.FloatCount;
        context.Terminal.WriteLine($"{Text.Count(weights)} weights for images of {learner.ImageSize}×{learner.ImageSize} and a target of {Text.Count(floats)} floats; saved {path}");
        context.Json.Write(new ReportRow
        {
            Learner = TransformerMetaLearner.Kind,
            Target = learner.Target.Description.Kind,
            Floats = floats,
            SharedFloats = weights,
            StoredBytes = new FileInfo(path).Length,
        });
        return ExitCodes.Done;
    }
}
