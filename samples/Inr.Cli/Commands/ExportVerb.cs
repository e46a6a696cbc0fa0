using System.CommandLine;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Files;

namespace Inr.Cli.Commands;

/// <summary><c>inr export F --out G.npz</c>: the parameters of a representation, or the weights of a meta-learner, for NumPy and PyTorch.</summary>
internal sealed class ExportVerb : Verb
{
    private const string NumPy = ".npz";
    private const string SafeTensorsEnding = ".safetensors";

    private readonly Argument<string> _file = new("file") { Description = "An .inr file, or the file of a meta-learner.", HelpName = "FILE" };
    private readonly Option<string> _out = new("--out") { Description = "A .npz file for NumPy, which also says the options, or a .safetensors file of plain tensors for PyTorch.", HelpName = "G.npz", Required = true };

    /// <summary>Describes the verb.</summary>
    public ExportVerb()
        : base("export", "Writes parameters or weights as plain arrays for NumPy and PyTorch.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file, _out];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string source = arguments.GetRequiredValue(_file);
        string path = arguments.GetRequiredValue(_out);
        OutputFile.Check(_out.Name, path, NumPy, SafeTensorsEnding);
        OutputFile.RequireDistinct(source, (_out.Name, path), (CommonOptions.Json.Name, context.Json.Path));
        bool toNumPy = string.Equals(Path.GetExtension(path), NumPy, StringComparison.OrdinalIgnoreCase);
        var (row, count) = MetaLearner.IsLearner(source) ? ExportLearner(source, path, toNumPy) : ExportRepresentation(source, path, toNumPy);
        context.Terminal.WriteLine($"{Text.Count(count, "array")} of {Text.Count(row.SharedFloats ?? row.Floats)} numbers; saved {path}");
        context.Json.Write(row with { StoredBytes = new FileInfo(path).Length });
        return ExitCodes.Done;
    }

    private static (ReportRow Row, int Arrays) ExportLearner(string source, string path, bool toNumPy)
    {
        using var learner = MetaLearner.Load(source);
        if (toNumPy)
            learner.SaveNpz(path);
        else
            SafeTensors.Save(path, learner.Weights.Select(w => KeyValuePair.Create(w.Name, w.Tensor)));
        return (new ReportRow { Learner = learner.Description.Kind, Target = learner.Description.Target.Kind, SharedFloats = learner.Weights.Sum(w => w.Tensor.numel()) }, learner.Weights.Count);
    }

    private static (ReportRow Row, int Arrays) ExportRepresentation(string source, string path, bool toNumPy)
    {
        using var representation = ImplicitRepresentation.Load(source);
        if (toNumPy)
            representation.SaveNpz(path);
        else
            representation.Parameters.SaveSafeTensors(path);
        return (new ReportRow { Target = representation.Target.Description.Kind, Floats = representation.Parameters.Layout.FloatCount }, representation.Parameters.Tensors.Count);
    }
}
