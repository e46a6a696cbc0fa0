using Inr.Files;
using Inr.Parameterizations;
using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Imports perceptrons that were trained elsewhere from their state dict: a file of <c>torch.save</c>, safetensors or <c>.npz</c>.</summary>
/// <remarks>
/// <para>
/// The layers are found by their names (<c>net.0.linear.weight</c> … <c>net.4.weight</c>, <c>net.net.0.0.weight</c>,
/// <c>layers.0.weight</c> … <c>last_layer.weight</c>, <c>0.weight</c>, <c>2.weight</c>) and must chain by their shapes. A
/// missing bias is 0. Nothing in the file is run.
/// </para>
/// <para>
/// The function is that of the weights; which coordinates mean which place is up to the code that trained it. Here they are
/// (row, column), the centres of cells in [-1,1]; the official SIREN code spans the same range from the first to the last
/// sample, so that its picture is wider by one sample in n.
/// </para>
/// </remarks>
public static class PerceptronImport
{
    /// <summary>Imports a SIREN: <c>sin(ω(Wx + b))</c> in every layer but the last, which is linear.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">ω, the range of the output, and the domain.</param>
    /// <returns>The representation, in float32; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another network; the message lists expected and found names.</exception>
    public static ImplicitRepresentation LoadSiren(string path, PerceptronImportOptions? options = null) => LoadSiren(path, options, out _);

    /// <summary>As <see cref="LoadSiren(string, PerceptronImportOptions)"/>, and says what was changed or left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">ω, the range of the output, and the domain.</param>
    /// <param name="notes">What the import changed or left out.</param>
    /// <returns>The representation, in float32; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another network; the message lists expected and found names.</exception>
    public static ImplicitRepresentation LoadSiren(string path, PerceptronImportOptions? options, out ImportNotes notes) => Load(path, options, (layers, o) =>
    {
        if (layers.Count < 2)
            throw new FormatException("it has one layer; a SIREN has two or more.");
        return new Siren((int)layers[0].Inputs, (int)layers[^1].Outputs, new SirenOptions
        {
            Width = SameWidth(layers, layers.Count - 1),
            HiddenLayers = layers.Count - 2,
            FirstOmega = o.FirstOmega,
            HiddenOmega = o.HiddenOmega,
            OutputOffset = o.OutputOffset,
        });
    }, out notes);

    /// <summary>Imports a ReLU perceptron with a linear last layer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The encoding, the range of the output, and the domain.</param>
    /// <returns>The representation, in float32; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another network; the message lists expected and found names.</exception>
    public static ImplicitRepresentation LoadReluMlp(string path, PerceptronImportOptions? options = null) => LoadReluMlp(path, options, out _);

    /// <summary>As <see cref="LoadReluMlp(string, PerceptronImportOptions)"/>, and says what was changed or left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The encoding, the range of the output, and the domain.</param>
    /// <param name="notes">What the import changed or left out.</param>
    /// <returns>The representation, in float32; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another network; the message lists expected and found names.</exception>
    public static ImplicitRepresentation LoadReluMlp(string path, PerceptronImportOptions? options, out ImportNotes notes) => Load(path, options, (layers, o) =>
    {
        long encoding = o.EncodingSize == 0 ? 1 : o.EncodingSize;
        if (layers[0].Inputs % encoding != 0)
            throw new FormatException($"its first layer takes {layers[0].Inputs} numbers, which are not coordinates of {encoding} each.");
        int width = layers.Count > 2 ? SameWidth(layers, layers.Count - 2) : (int)layers[0].Outputs;
        int? last = layers.Count > 2 && layers[^2].Outputs != width ? (int)layers[^2].Outputs : null;
        return new ReluMlp((int)(layers[0].Inputs / encoding), (int)layers[^1].Outputs, new ReluMlpOptions
        {
            Width = width,
            LastWidth = last,
            Depth = layers.Count,
            EncodingSize = o.EncodingSize,
            MaxFrequency = o.MaxFrequency,
            OutputOffset = o.OutputOffset,
        });
    }, out notes);

    private static ImplicitRepresentation Load(string path, PerceptronImportOptions? options, Func<IReadOnlyList<DenseLayer>, PerceptronImportOptions, ITargetFunction> describe, out ImportNotes notes)
    {
        options ??= new PerceptronImportOptions();
        try
        {
            using var file = StateDictFile.Open(path, options.StateKey);
            var layers = DenseStack.Find(file.Shapes);
            // The layout is known before any weight is read.
            var target = describe(layers, options);
            var domain = options.Domain ?? SignalDomain.Scattered(target.InputDimension);
            if (domain.Dimension != target.InputDimension)
                throw new FormatException($"it takes {target.InputDimension} coordinates, but the domain that was given is {domain}.");
            notes = file.Notes with { SetToZero = [.. layers.Where(l => l.BiasName is null).Select(l => $"the bias of {l.WeightName}")] };
            return new ImplicitRepresentation(target, Read(file, layers, target.Layout, options.OutputScale), domain);
        }
        catch (Exception e) when (e is FormatException or OptionsValidationException or ArgumentException)
        {
            throw InputFile.Refuse(path, e.Message, e);
        }
    }

    private static ParameterSet Read(StateDictFile file, IReadOnlyList<DenseLayer> layers, ParameterLayout layout, double scale)
    {
        using var scope = NewDisposeScope();
        var tensors = new List<Tensor>();
        for (int i = 0; i < layers.Count; i++)
        {
            double factor = i == layers.Count - 1 ? scale : 1;
            tensors.Add(Read(file, layers[i].WeightName, factor));
            tensors.Add(layers[i].BiasName is { } bias ? Read(file, bias, factor) : zeros([.. layout[2 * i + 1].Shape], dtype: float32, device: CPU));
        }

        return new ParameterSet(layout, tensors).MoveToOuterDisposeScope();
    }

    private static Tensor Read(StateDictFile file, string name, double factor)
    {
        var tensor = file.Read(name).to(float32);
        if (!tensor.isfinite().all().item<bool>())
            throw new FormatException($"the tensor {InputFile.Quote(name)} holds NaN or infinite numbers.");
        return factor == 1 ? tensor : tensor * factor;
    }

    private static int SameWidth(IReadOnlyList<DenseLayer> layers, int count)
    {
        long[] widths = [.. layers.Take(count).Select(l => l.Outputs)];
        return widths.All(w => w == widths[0])
            ? (int)widths[0]
            : throw new FormatException($"its hidden layers have the widths {Shapes.List(widths)}; those of one width are known here.");
    }
}
