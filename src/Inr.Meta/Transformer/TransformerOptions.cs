namespace Inr.Meta;

/// <summary>The shape of a transformer hypernetwork.</summary>
/// <remarks>The defaults suit 64-pixel images on a CPU (about 2 million weights); <see cref="UseOfficialSize"/> sets those of the paper.</remarks>
public sealed class TransformerOptions
{
    private const double OfficialRate = 1e-4;
    private const int OfficialDimension = 768;

    private Dictionary<string, int> _groupsOfBlock = new(StringComparer.Ordinal);

    /// <summary>The width of a token.</summary>
    /// <value>The default is 192; 1 to 8,192.</value>
    public int Dimension { get; set; } = 192;

    /// <summary>The number of encoder blocks.</summary>
    /// <value>The default is 4; 1 to 64.</value>
    public int Depth { get; set; } = 4;

    /// <summary>Attention heads.</summary>
    /// <value>The default is 6; 1 to 256.</value>
    public int Heads { get; set; } = 6;

    /// <summary>The width of a head.</summary>
    /// <value>The default is 32; 1 to 1,024.</value>
    public int HeadDimension { get; set; } = 32;

    /// <summary>The width between the two layers of a feed-forward.</summary>
    /// <value>The default is 768; 1 to 65,536.</value>
    public int FeedForward { get; set; } = 768;

    /// <summary>The side of an image patch; images only.</summary>
    /// <value>The default is 8; at least 1.</value>
    public int PatchSize { get; set; } = 8;

    /// <summary>Zeros on each side of an image; the padded side is a multiple of the patch.</summary>
    /// <value>The default is 0.</value>
    public int Padding { get; set; }

    /// <summary>Samples that make a token where signals are not images of one size.</summary>
    /// <value>The default is 1; more keep long signals affordable.</value>
    public int SamplesPerToken { get; set; } = 1;

    /// <summary>Weight tokens of each block of the target's layout, at most.</summary>
    /// <value>The default is 32; at least 1. The official configuration has 64.</value>
    public int WeightGroups { get; set; } = 32;

    /// <summary>Weight tokens of single blocks, by name (such as <c>wb0</c>); the others have <see cref="WeightGroups"/>.</summary>
    /// <value>The default is empty.</value>
    public IDictionary<string, int> GroupsOfBlock => _groupsOfBlock;

    /// <summary>Which numbers a token generates.</summary>
    /// <value>The default is <see cref="GroupOrder.Strided"/>, as in the official code.</value>
    public GroupOrder GroupOrder { get; set; } = GroupOrder.Strided;

    /// <summary>How generated numbers change the shared base weights.</summary>
    /// <value>The default is <see cref="WeightUpdateRule.Normalize"/>, as in the official code.</value>
    public WeightUpdateRule UpdateRule { get; set; } = WeightUpdateRule.Normalize;

    /// <summary>Whether biases are generated too, as base + x.</summary>
    /// <value>The default is false, as in the official code: all signals share them.</value>
    public bool InstanceBiases { get; set; }

    /// <summary>Whether the parameters in which the target is linear are not generated but solved on the context, in closed form.</summary>
    /// <value>The default is false. The solve is part of the forward pass and differentiable.</value>
    public bool SolveLinearPart { get; set; }

    /// <summary>The weight of the ridge penalty of that solve, relative to the mean diagonal of its normal equations.</summary>
    /// <value>The default is 1e-4; 0 to 1e3.</value>
    public double SolveRidge { get; set; } = 1e-4;

    /// <summary>Whether an image of another size is resized to what the weights are for; θ then still renders at the image's own size.</summary>
    /// <value>The default is false: another size is refused.</value>
    public bool ResizeImages { get; set; }

    /// <summary>The standard deviation of the initial weight tokens and position embeddings.</summary>
    /// <value>The default is 1, as in the official code, where the content of a patch is then a small part of its token. 1e-4 to 10.</value>
    public double EmbeddingScale { get; set; } = 1;

    /// <summary>The type in which linear layers and attention compute during training. Norms, sums, generated parameters and the target stay in float32.</summary>
    /// <value>The default is float32; bfloat16 where the device gains from it.</value>
    public ScalarType LinearType { get; set; } = ScalarType.Float32;

    /// <summary>The decay of an exponential moving average of the weights, which takes their place when training ends.</summary>
    /// <value>The default is null: the last weights count. 0.999 is usual; above 0 and below 1.</value>
    public double? AverageDecay { get; set; }

    /// <summary>Sets the sizes of the official image configuration: 6 blocks of width 768, 12 heads, patches of 9 with padding 1, 64 groups.</summary>
    public TransformerOptions UseOfficialSize()
    {
        (Dimension, Depth, Heads, HeadDimension, FeedForward) = (768, 6, 12, 64, 3072);
        (PatchSize, Padding, WeightGroups) = (9, 1, 64);
        return this;
    }

    /// <summary>The outer learning rate where none was given: the official 1e-4 at the official width; narrower tokens bear larger steps, up to 5e-4.</summary>
    public double SuggestedLearningRate => Math.Clamp(OfficialRate * OfficialDimension / Dimension, OfficialRate, 5 * OfficialRate);

    /// <summary>A copy that does not change with this object, for a learner to keep.</summary>
    public TransformerOptions Copy()
    {
        var copy = (TransformerOptions)MemberwiseClone();
        copy._groupsOfBlock = new Dictionary<string, int>(_groupsOfBlock, StringComparer.Ordinal);
        return copy;
    }

    internal int GroupsOf(string block) => GroupsOfBlock.TryGetValue(block, out int groups) ? groups : WeightGroups;
}
