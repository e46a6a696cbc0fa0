namespace Inr.Meta;

/// <summary>The shape of a transformer hypernetwork.</summary>
/// <remarks>The defaults suit 64-pixel images on a CPU (about 2 million weights); <see cref="WithOfficialSize"/> sets those of the paper.</remarks>
public sealed record TransformerOptions
{
    private const double OfficialRate = 1e-4;
    private const int OfficialDimension = 768;

    /// <summary>The width of a token.</summary>
    /// <value>The default is 192; 1 to 8,192.</value>
    public int Dimension { get; init; } = 192;

    /// <summary>The number of encoder blocks.</summary>
    /// <value>The default is 4; 1 to 64.</value>
    public int Depth { get; init; } = 4;

    /// <summary>Attention heads.</summary>
    /// <value>The default is 6; 1 to 256.</value>
    public int Heads { get; init; } = 6;

    /// <summary>The width of a head.</summary>
    /// <value>The default is 32; 1 to 1,024.</value>
    public int HeadDimension { get; init; } = 32;

    /// <summary>The width between the two layers of a feed-forward.</summary>
    /// <value>The default is 768; 1 to 65,536.</value>
    public int FeedForward { get; init; } = 768;

    /// <summary>The side of an image patch; images only.</summary>
    /// <value>The default is 8; at least 1.</value>
    public int PatchSize { get; init; } = 8;

    /// <summary>Zeros on each side of an image; the padded side is a multiple of the patch.</summary>
    /// <value>The default is 0.</value>
    public int Padding { get; init; }

    /// <summary>Samples that make a token where signals are not images of one size.</summary>
    /// <value>The default is 1; more keep long signals affordable.</value>
    public int SamplesPerToken { get; init; } = 1;

    /// <summary>Weight tokens of each block of the target's layout, at most.</summary>
    /// <value>The default is 32; at least 1. The official configuration has 64.</value>
    public int WeightGroups { get; init; } = 32;

    /// <summary>Weight tokens of single blocks, by name (such as <c>wb0</c>); the others have <see cref="WeightGroups"/>.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<string, int> GroupsOfBlock { get; init => field = new Dictionary<string, int>(value, StringComparer.Ordinal); } = new Dictionary<string, int>();

    /// <summary>Which numbers a token generates.</summary>
    /// <value>The default is <see cref="GroupOrder.Strided"/>, as in the official code.</value>
    public GroupOrder GroupOrder { get; init; } = GroupOrder.Strided;

    /// <summary>How generated numbers change the shared base weights.</summary>
    /// <value>The default is <see cref="WeightUpdateRule.Normalize"/>, as in the official code.</value>
    public WeightUpdateRule UpdateRule { get; init; } = WeightUpdateRule.Normalize;

    /// <summary>Whether biases are generated too, as base + x.</summary>
    /// <value>The default is false, as in the official code: all signals share them.</value>
    public bool InstanceBiases { get; init; }

    /// <summary>Whether the parameters in which the target is linear are not generated but solved on the context, in closed form.</summary>
    /// <value>The default is false. The solve is part of the forward pass and differentiable.</value>
    public bool SolveLinearPart { get; init; }

    /// <summary>The weight of the ridge penalty of that solve, relative to the mean diagonal of its normal equations.</summary>
    /// <value>The default is 1e-4; 0 to 1e3.</value>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>Whether an image of another size is resized to what the weights are for; θ then still renders at the image's own size.</summary>
    /// <value>The default is false: another size is refused.</value>
    public bool ResizeImages { get; init; }

    /// <summary>The standard deviation of the initial weight tokens and position embeddings.</summary>
    /// <value>The default is 1, as in the official code, where the content of a patch is then a small part of its token. 1e-4 to 10.</value>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>The type in which linear layers and attention compute during training. Norms, sums, generated parameters and the target stay in float32.</summary>
    /// <value>The default is float32; bfloat16 where the device gains from it.</value>
    public ScalarType LinearType { get; init; } = ScalarType.Float32;

    /// <summary>The decay of an exponential moving average of the weights, which takes their place when training ends.</summary>
    /// <value>The default is null: the last weights count. 0.999 is usual; above 0 and below 1.</value>
    public double? AverageDecay { get; init; }

    /// <summary>These options with the sizes of the official image configuration: 6 blocks of width 768, 12 heads, patches of 9 with padding 1, 64 groups.</summary>
    public TransformerOptions WithOfficialSize() => this with
    {
        Dimension = 768,
        Depth = 6,
        Heads = 12,
        HeadDimension = 64,
        FeedForward = 3072,
        PatchSize = 9,
        Padding = 1,
        WeightGroups = 64,
    };

    /// <summary>The outer learning rate where none was given: the official 1e-4 at the official width; narrower tokens bear larger steps, up to 5e-4.</summary>
    public double SuggestedLearningRate => Math.Clamp(OfficialRate * OfficialDimension / Dimension, OfficialRate, 5 * OfficialRate);

    internal int GroupsOf(string block) => GroupsOfBlock.TryGetValue(block, out int groups) ? groups : WeightGroups;
}
