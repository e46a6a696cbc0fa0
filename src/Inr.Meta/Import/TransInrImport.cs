using Inr.Files;
using Inr.Parameterizations;
using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Imports checkpoints of the official Trans-INR code (github.com/yinboc/trans-inr): the same weights, the same pixels.</summary>
/// <remarks>
/// The file is what its trainer saves: <c>{'model': {'name', 'args', 'sd'}, 'optimizer', 'epoch', 'cfg'}</c>. The
/// configuration in it builds the learner; every key and shape of the state dict must then match. The pickle is read as
/// data by a reader that can call nothing, and every name in it outside a closed list is refused. Weights of 16 and 64 bits
/// are converted to 32; <c>module.</c> and <c>_orig_mod.</c>, which wrappers put around names, are removed.
/// </remarks>
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
        using var archive = TorchArchive.Open(path);
        (var learner, notes) = Guard(archive, () =>
        {
            var (model, state) = Model(archive);
            var tokenizer = model.Part("tokenizer", "imgrec_tokenizer");
            int size = tokenizer.Int("input_size");
            var options = Options(model);
            options.PatchSize = tokenizer.Int("patch_size");
            options.Padding = tokenizer.Int("padding", 0);
            int channels = tokenizer.Int("img_channels", 3);
            tokenizer.RequireNoMore();
            var target = ImageTarget(model.Part("hyponet", "hypo_mlp"));
            model.RequireNoMore();
            if (target.OutputDimension != channels)
                throw new FormatException($"its images have {channels} channels but its target gives {target.OutputDimension}.");

            // The layout is known before any weight is allocated.
            var network = new TransformerHypernetwork(target, new ImagePatchTokenizer(size, channels, options.PatchSize, options.Padding, options.Dimension), options);
            StateDict.Require(network.Layout, state.Shapes, path);
            var learner = new TransformerMetaLearner(target, size, options, device);
            return (Fill(learner, learner.WeightSet, archive, state), state.Notes);
        });
        return learner;
    }

    /// <summary>Imports a view-synthesis model (<c>nvs_tokenizer</c>, <c>hypo_nerf</c>).</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static ViewSynthesizer LoadViewSynthesis(string path, Device? device = null) => LoadViewSynthesis(path, device, out _);

    /// <summary>As <see cref="LoadViewSynthesis(string, Device)"/>, and says what was changed or left out.</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <param name="notes">What the import changed or left out.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static ViewSynthesizer LoadViewSynthesis(string path, Device? device, out ImportNotes notes)
    {
        using var archive = TorchArchive.Open(path);
        (var learner, notes) = Guard(archive, () =>
        {
            var (model, state) = Model(archive);
            var tokenizer = model.Part("tokenizer", "nvs_tokenizer");
            int size = tokenizer.Int("input_size");
            var options = Options(model);
            options.PatchSize = tokenizer.Int("patch_size");
            options.Padding = tokenizer.Int("padding", 0);
            tokenizer.RequireNoMore();
            var target = SceneTarget(model.Part("hyponet", "hypo_nerf"));
            model.RequireNoMore();

            var network = ViewSynthesizer.Describe(target, size, options);
            StateDict.Require(network.Layout, state.Shapes, path);
            var learner = new ViewSynthesizer(target, size, options, device);
            return (Fill(learner, learner.WeightSet, archive, state), state.Notes);
        });
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

    private static (OfficialConfig Model, TorchState State) Model(TorchArchive archive)
    {
        if (archive.Root is not PickledDictionary root || root["model"] is not PickledDictionary model)
            throw new FormatException("it has no 'model'; it is not a checkpoint of the official trainer.");
        if (model["sd"] is not PickledDictionary state)
            throw new FormatException("its model has no state dict 'sd'.");
        var unread = root.Keys.Where(k => k is not "model").Select(k => $"{k}");
        return (OfficialConfig.Read(model, "model", "trans_inr"), new TorchState(archive, state, unread));
    }

    private static TransformerOptions Options(OfficialConfig model)
    {
        var encoder = model.Part("transformer_encoder", "transformer_encoder");
        var options = new TransformerOptions
        {
            Dimension = encoder.Int("dim"),
            Depth = encoder.Int("depth"),
            Heads = encoder.Int("n_head"),
            HeadDimension = encoder.Int("head_dim"),
            FeedForward = encoder.Int("ff_dim"),
            WeightGroups = model.Int("n_groups"),
        };
        // Dropout acts in training only; inference is the same with any.
        _ = encoder.Number("dropout", 0);
        encoder.RequireNoMore();
        new TransformerOptionsValidator().ThrowIfInvalid(options);
        return options;
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

    private static NerfMlp SceneTarget(OfficialConfig hyponet)
    {
        var options = new NerfMlpOptions
        {
            Depth = hyponet.Int("depth"),
            Width = hyponet.Int("hidden_dim"),
            EncodingSize = hyponet.Int("pe_dim", 40),
        };
        if (hyponet.Flag("use_viewdirs", false))
            throw new FormatException("its target uses view directions, which no official configuration does; that variant is not known here.");
        hyponet.RequireNoMore();
        return new NerfMlp(options);
    }

    private static T Fill<T>(T learner, ParameterSet weights, TorchArchive archive, TorchState state)
        where T : IDisposable
    {
        try
        {
            StateDict.Copy(weights, state.Read, archive.Source);
            return learner;
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    private static T Guard<T>(TorchArchive archive, Func<T> import)
    {
        try
        {
            return import();
        }
        catch (Exception e) when (e is FormatException or OptionsValidationException or ArgumentException or OverflowException)
        {
            throw archive.Refuse(e.Message, e);
        }
    }
}
