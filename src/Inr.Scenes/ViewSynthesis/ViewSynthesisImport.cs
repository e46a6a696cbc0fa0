using Inr.Meta;

namespace Inr.Scenes;

/// <summary>Imports view-synthesis checkpoints of the official Trans-INR code (github.com/yinboc/trans-inr): the same weights, the same pixels.</summary>
public static class ViewSynthesisImport
{
    /// <summary>Imports a view-synthesis model (<c>nvs_tokenizer</c>, <c>hypo_nerf</c>).</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static ViewSynthesizer Load(string path, Device? device = null) => Load(path, device, out _);

    /// <summary>As <see cref="Load(string, Device)"/>, and says what was changed or left out.</summary>
    /// <param name="path">A <c>.pth</c> file.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <param name="notes">What the import changed or left out.</param>
    /// <returns>The learner; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, hostile, or of another model; the message says what is wrong.</exception>
    public static ViewSynthesizer Load(string path, Device? device, out ImportNotes notes)
    {
        (var learner, notes) = TransInrCheckpoint.Import(path, checkpoint => (Build(checkpoint, device), checkpoint.Notes));
        return learner;
    }

    private static ViewSynthesizer Build(TransInrCheckpoint checkpoint, Device? device)
    {
        var model = checkpoint.Model;
        var tokenizer = model.Part("tokenizer", "nvs_tokenizer");
        int size = tokenizer.Int("input_size");
        var options = checkpoint.ReadOptions() with { PatchSize = tokenizer.Int("patch_size"), Padding = tokenizer.Int("padding", 0) };
        tokenizer.RequireNoMore();
        var target = SceneTarget(model.Part("hyponet", "hypo_nerf"));
        model.RequireNoMore();

        // The layout is known before any weight is allocated.
        checkpoint.Require(ViewSynthesizer.Describe(target, size, options).Layout);
        var learner = new ViewSynthesizer(target, size, options, device);
        return checkpoint.Fill(learner, learner.Weights);
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
}
