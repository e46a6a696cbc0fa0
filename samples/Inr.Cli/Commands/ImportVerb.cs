using System.CommandLine;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Files;
using Inr.Meta;

namespace Inr.Cli.Commands;

/// <summary><c>inr import FORMAT F.pth --out F</c>: an official checkpoint becomes a learner of this library, the state dict of a perceptron a representation.</summary>
internal sealed class ImportVerb : Verb
{
    private const string TransInr = "trans-inr";
    private const string Siren = "siren";
    private const string ReluMlp = "relu-mlp";
    private static readonly string[] Formats = [TransInr, Siren, ReluMlp];

    private readonly Argument<string> _format = new("format") { Description = $"What the file holds: {string.Join(", ", Formats)}.", HelpName = "FORMAT" };
    private readonly Argument<string> _checkpoint = new("file") { Description = "A file of torch.save, safetensors or .npz. It is read, never executed.", HelpName = "FILE" };
    private readonly Option<double?> _omega = new("--omega") { Description = "Sirens: the frequency factor of the first layer, which the weights do not show; 30 by default.", HelpName = "X" };
    private readonly Option<double?> _hiddenOmega = new("--hidden-omega") { Description = "Sirens: that of the other sine layers; 30 by default, 1 in codes that leave it out there.", HelpName = "X" };
    private readonly Option<int?> _encoding = new("--encoding") { Description = "ReLU perceptrons: numbers that each coordinate is encoded as, half of them frequencies; none by default.", HelpName = "N" };
    private readonly Option<double?> _maxFrequency = new("--max-frequency") { Description = "ReLU perceptrons: the largest frequency of the encoding; 1024 by default.", HelpName = "X" };
    private readonly Option<double?> _scale = new("--output-scale") { Description = "Perceptrons: a factor of the output; 0.5 with an offset of 0.5 for values in [-1,1], where images here lie in [0,1].", HelpName = "X" };
    private readonly Option<double?> _offset = new("--output-offset") { Description = "Perceptrons: a constant that is added to the output.", HelpName = "X" };
    private readonly Option<string?> _shape = new("--shape") { Description = "Perceptrons: samples on each axis of the signal, such as 512x768 (rows, columns) of an image or 44100 of a sound.", HelpName = "HxW" };
    private readonly Option<string?> _key = new("--key") { Description = "Perceptrons: where in a file of torch.save the state dict is, such as ema.model; the only one by default.", HelpName = "A.B" };
    private readonly Option<string> _out = new("--out") { Description = "The learner, for meta-eval and fit; of a perceptron the .inr file.", HelpName = "F", Required = true };

    /// <summary>Describes the verb.</summary>
    public ImportVerb()
        : base("import", "Turns an official checkpoint into a learner, or a perceptron's state dict into an .inr file.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_format, _checkpoint, _omega, _hiddenOmega, _encoding, _maxFrequency, _scale, _offset, _shape, _key, _out];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string format = Names.Find("format", arguments.GetRequiredValue(_format), Formats, name => name);
        string source = arguments.GetRequiredValue(_checkpoint);
        string path = arguments.GetRequiredValue(_out);
        Option[] used = format switch
        {
            TransInr => [],
            Siren => [_omega, _hiddenOmega, _scale, _offset, _shape, _key],
            _ => [_encoding, _maxFrequency, _scale, _offset, _shape, _key],
        };
        foreach (var option in ((Option[])[_omega, _hiddenOmega, _encoding, _maxFrequency, _scale, _offset, _shape, _key]).Except(used))
        {
            if (arguments.GetResult(option) is { Implicit: false })
                throw CliException.BadUsage($"{option.Name} has no meaning for {format}.");
        }

        OutputFile.Check(_out.Name, path, format == TransInr ? MetaLearner.FileKind : FileKind.Representation);
        OutputFile.RequireDistinct(source, (_out.Name, path), (CommonOptions.Json.Name, context.Json.Path));
        return format == TransInr ? ImportLearner(source, path, context) : ImportPerceptron(arguments, format == Siren, source, path, context);
    }

    private static int ImportLearner(string source, string path, RunContext context)
    {
        using var learner = TransInrImport.Load(source, context.Device.Resolve(), out var notes);
        learner.Save(path);
        long weights = learner.Weights.Sum(w => w.Tensor.numel());
        long floats = learner.Target.Layout.FloatCount;
        Tell(notes, context);
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

    private int ImportPerceptron(ParseResult arguments, bool isSiren, string source, string path, RunContext context)
    {
        Require.Positive(_omega.Name, arguments.GetValue(_omega));
        Require.Positive(_hiddenOmega.Name, arguments.GetValue(_hiddenOmega));
        Require.AtLeast(_encoding.Name, arguments.GetValue(_encoding), 0);
        Require.Positive(_maxFrequency.Name, arguments.GetValue(_maxFrequency));
        var options = new PerceptronImportOptions { StateKey = arguments.GetValue(_key), Domain = ParseShape(arguments.GetValue(_shape)) };
        options = options with
        {
            FirstOmega = arguments.GetValue(_omega) ?? options.FirstOmega,
            HiddenOmega = arguments.GetValue(_hiddenOmega) ?? options.HiddenOmega,
            EncodingSize = arguments.GetValue(_encoding) ?? options.EncodingSize,
            MaxFrequency = arguments.GetValue(_maxFrequency) ?? options.MaxFrequency,
            OutputScale = arguments.GetValue(_scale) ?? options.OutputScale,
            OutputOffset = arguments.GetValue(_offset) ?? options.OutputOffset,
        };
        using var representation = isSiren ? PerceptronImport.LoadSiren(source, options, out var notes) : PerceptronImport.LoadReluMlp(source, options, out notes);
        representation.Save(path);
        Tell(notes, context);
        context.Terminal.WriteLine($"{representation.Target.Description.Kind} of {Text.Count(representation.FloatCount)} floats, {representation.Domain}; saved {path}");
        context.Json.Write(new ReportRow
        {
            Target = representation.Target.Description.Kind,
            Floats = representation.FloatCount,
            Bits = representation.BitCount,
            StoredBytes = new FileInfo(path).Length,
        });
        return ExitCodes.Done;
    }

    private SignalDomain? ParseShape(string? text)
    {
        if (text is null)
            return null;
        var sides = new List<int>();
        foreach (string part in text.Split('x', 'X', '×'))
        {
            if (NumberText.ReadWhole(part, int.MaxValue, out long side) is not null || side < 1 || sides.Count == SignalDomain.MaxDimension)
                throw CliException.BadUsage($"{_shape.Name} is {InputFile.Quote(text)}; it is the number of samples on each axis, such as 512x768 (rows, columns) or 44100.");
            sides.Add((int)side);
        }

        return SignalDomain.Grid([.. sides]);
    }

    private static void Tell(ImportNotes notes, RunContext context)
    {
        if (notes.ToString() is { Length: > 0 } text)
            context.Terminal.WriteLine($"note: {text}");
    }
}
