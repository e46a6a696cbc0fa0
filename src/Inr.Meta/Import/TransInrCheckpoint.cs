using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>A checkpoint of the official Trans-INR trainer while it is read: its configuration, and weights that are copied once the learner of that configuration is built.</summary>
/// <remarks>
/// The file is <c>{'model': {'name', 'args', 'sd'}, 'optimizer', 'epoch', 'cfg'}</c>. The pickle is read as data by a reader
/// that can call nothing, and every name in it outside a closed list is refused. Weights of 16 and 64 bits are converted to
/// 32; <c>module.</c> and <c>_orig_mod.</c>, which wrappers put around names, are removed.
/// </remarks>
public sealed class TransInrCheckpoint
{
    private readonly TorchArchive _archive;
    private readonly TorchState _state;

    private TransInrCheckpoint(TorchArchive archive)
    {
        _archive = archive;
        if (archive.Root is not PickledDictionary root || root["model"] is not PickledDictionary model)
            throw new FormatException("it has no 'model'; it is not a checkpoint of the official trainer.");
        if (model["sd"] is not PickledDictionary state)
            throw new FormatException("its model has no state dict 'sd'.");
        _state = new TorchState(archive, state, root.Keys.Where(k => k is not "model").Select(k => $"{k}"));
        Model = OfficialConfig.Read(model, "model", "trans_inr");
    }

    /// <summary>The configuration of the model.</summary>
    public OfficialConfig Model { get; }

    /// <summary>What the import changes or leaves out.</summary>
    public ImportNotes Notes => _state.Notes;

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="build">Builds the learner of the configuration, and fills it with <see cref="Fill"/>; a
    /// <see cref="FormatException"/> that it throws says what of the configuration is not known.</param>
    /// <returns>What <paramref name="build"/> returned.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static T Import<T>(string path, Func<TransInrCheckpoint, T> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        using var archive = TorchArchive.Open(path);
        try
        {
            return build(new TransInrCheckpoint(archive));
        }
        catch (Exception e) when (e is FormatException or OptionsValidationException or ArgumentException or OverflowException)
        {
            throw archive.Refuse(e.Message, e);
        }
    }

    /// <summary>The encoder and the weight groups of the configuration, as this library's options; the patches are the tokenizer's to say.</summary>
    /// <exception cref="FormatException">The configuration says something that is not known here.</exception>
    /// <exception cref="OptionsValidationException">A number is out of range.</exception>
    public TransformerOptions ReadOptions()
    {
        var encoder = Model.Part("transformer_encoder", "transformer_encoder");
        var options = new TransformerOptions
        {
            Dimension = encoder.Int("dim"),
            Depth = encoder.Int("depth"),
            Heads = encoder.Int("n_head"),
            HeadDimension = encoder.Int("head_dim"),
            FeedForward = encoder.Int("ff_dim"),
            WeightGroups = Model.Int("n_groups"),
        };
        // Dropout acts in training only; inference is the same with any.
        _ = encoder.Number("dropout", 0);
        encoder.RequireNoMore();
        new TransformerOptionsValidator().ThrowIfInvalid(options);
        return options;
    }

    /// <summary>Requires that the state dict has exactly the names and shapes of a layout; call it before any weight is allocated.</summary>
    /// <exception cref="InrFileException">Something differs; the message lists what is missing, what is unexpected, and which shapes differ.</exception>
    public void Require(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        StateDict.Require(layout, _state.Shapes, _archive.Source);
    }

    /// <summary>Copies the state dict into the weights of a learner.</summary>
    /// <param name="learner">The learner; disposed of where the copy fails.</param>
    /// <param name="weights">Its weights, changed in place; of a layout that <see cref="Require"/> let pass.</param>
    /// <returns>The learner.</returns>
    /// <exception cref="InrFileException">A tensor is damaged, or holds NaN or infinite numbers.</exception>
    public T Fill<T>(T learner, ParameterSet weights)
        where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(weights);
        try
        {
            StateDict.Copy(weights, _state.Read, _archive.Source);
            return learner;
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }
}
