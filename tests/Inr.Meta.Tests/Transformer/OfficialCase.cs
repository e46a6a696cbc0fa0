using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Tests.Transformer;

/// <summary>The reduced official CelebA configuration and what the official code computed with it (fixtures/trans_inr_celeba_small).</summary>
internal sealed class OfficialCase : IDisposable
{
    public OfficialCase()
    {
        Io = Load("io");
        Target = new ReluMlp(2, 3, new ReluMlpOptions { Depth = 3, Width = 32, EncodingSize = 32, OutputOffset = 0.5 });
        Options = new TransformerOptions
        {
            Dimension = 64,
            Depth = 2,
            Heads = 4,
            HeadDimension = 16,
            FeedForward = 128,
            PatchSize = 8,
            WeightGroups = 8,
        };
        Tokenizer = new ImagePatchTokenizer(32, 3, 8, 0, 64);
        Network = new TransformerHypernetwork(Target, Tokenizer, Options);
        var stored = Load("sd_init");
        Weights = new ParameterSet(Network.Layout, [.. Network.Layout.Select(s => stored[s.Name])]);
        // The official inputs are [B,c,S,S].
        Signals = new SignalBatch(CoordinateGrid.Create([32, 32]), Io["inp"].permute(0, 2, 3, 1).reshape(2, 1024, 3), null, SignalDomain.Grid([32, 32]));
    }

    public IReadOnlyDictionary<string, Tensor> Io { get; }

    public ReluMlp Target { get; }

    public TransformerOptions Options { get; }

    public ImagePatchTokenizer Tokenizer { get; }

    public TransformerHypernetwork Network { get; }

    public ParameterSet Weights { get; }

    public SignalBatch Signals { get; }

    public static IReadOnlyDictionary<string, Tensor> Load(string name) => Npz.Load(Folder(name + ".npz"));

    public static string Folder(string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", "trans_inr_celeba_small", file);

    /// <summary>Mean over the images of the mean squared error over pixels and channels.</summary>
    public Tensor Loss(ParameterSet weights, EncoderPass? pass = null)
    {
        var theta = Network.Generate(weights, Tokenizer.Tokenize(weights, Signals), pass);
        return (Target.Evaluate(theta, Signals.Coordinates) - Signals.Values).square().mean();
    }

    public void Dispose()
    {
        foreach (var t in Io.Values)
            t.Dispose();
        Weights.Dispose();
        Signals.Dispose();
    }
}
