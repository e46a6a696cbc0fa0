using Inr.Files;
using Inr.Parameterizations;

namespace Inr.Meta;

/// <summary>Imports checkpoints of the official Trans-INR code (github.com/yinboc/trans-inr): the same weights, the same pixels.</summary>
/// <remarks>The configuration in the file builds the learner; every key and shape of the state dict must then match. See <see cref="TransInrCheckpoint"/>.</remarks>
public static class TransInrImport
{
    /// <summary>Imports an image model (<c>imgrec_tokenizer</c>, <c>hypo_mlp</c>).</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static TransformerMetaLearner Load(string path, Device? device = null) => Load(path, device, out _);

    /// <summary>As <see cref="Load(string, Device)"/>, and says what was changed or left out.</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <param name="notes">What the import changed or left out.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static TransformerMetaLearner Load(string path, Device? device, out ImportNotes notes)
    {
        (var learner, notes) = TransInrCheckpoint.Import(path, checkpoint => (Build(checkpoint, device), checkpoint.Notes));
        return learner;
    }

    /// <summary>Copies an official state dict into a learner of the same configuration.</summary>
    /// <param name="learner">The learner; its weights change in place.</param>
    /// <param name="state">Tensors by their official names, such as <see cref="Npz.Load"/> reads them; the caller keeps them.</param>
    /// <param name="source">What messages call it.</param>
    /// <returns>What was changed on the way, such as a prefix of its names.</returns>
    /// <exception cref="InrFileException">A name or a shape differs; the message lists what is missing and what is unexpected. Nothing was changed.</exception>
    public static ImportNotes Apply(TransformerMetaLearner learner, IReadOnlyDictionary<string, Tensor> state, string source = "state dict")
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(state);
        Dictionary<string, string> names;
        IReadOnlyList<string> removed;
        try
        {
            names = StateNames.Unwrap([.. state.Keys], out removed);
        }
        catch (FormatException e)
        {
            throw InputFile.Refuse(source, e.Message, e);
        }

        StateDict.Require(learner.Network.Layout, names.ToDictionary(p => p.Key, p => state[p.Value].shape), source);
        StateDict.Copy(learner.WeightSet, name => state[names[name]].alias(), source);
        return new ImportNotes { RemovedPrefixes = removed };
    }

    private static TransformerMetaLearner Build(TransInrCheckpoint checkpoint, Device? device)
    {
        var model = checkpoint.Model;
        var tokenizer = model.Part("tokenizer", "imgrec_tokenizer");
        int size = tokenizer.Int("input_size");
        var options = checkpoint.ReadOptions() with { PatchSize = tokenizer.Int("patch_size"), Padding = tokenizer.Int("padding", 0) };
        int channels = tokenizer.Int("img_channels", 3);
        tokenizer.RequireNoMore();
        var target = ImageTarget(model.Part("hyponet", "hypo_mlp"));
        model.RequireNoMore();
        if (target.OutputDimension != channels)
            throw new FormatException($"its images have {channels} channels but its target gives {target.OutputDimension}.");

        // The layout is known before any weight is allocated.
        var network = new TransformerHypernetwork(target, new ImagePatchTokenizer(size, channels, options.PatchSize, options.Padding, options.Dimension), options);
        checkpoint.Require(network.Layout);
        var learner = new TransformerMetaLearner(target, size, options, device);
        return checkpoint.Fill(learner, learner.WeightSet);
    }

    private static ReluMlp ImageTarget(OfficialConfig hyponet)
    {
        bool encodes = hyponet.Flag("use_pe", false);
        int encoding = hyponet.Int("pe_dim", 0);
        double sigma = hyponet.Number("pe_sigma", 1024);
        var options = new ReluMlpOptions
        {
            Depth = hyponet.Int("depth"),
            Width = hyponet.Int("hidden_dim"),
            EncodingSize = encodes ? encoding : 0,
            MaxFrequency = sigma,
            OutputOffset = hyponet.Number("out_bias", 0),
        };
        int inputs = hyponet.Int("in_dim");
        int outputs = hyponet.Int("out_dim");
        hyponet.RequireNoMore();
        return new ReluMlp(inputs, outputs, options);
    }
}
