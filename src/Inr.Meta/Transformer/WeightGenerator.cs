using System.Globalization;

namespace Inr.Meta;

/// <summary>Generates θ of any <see cref="ParameterLayout"/> from weight tokens. It owns no weights.</summary>
/// <remarks>
/// The layout is cut into blocks. A weight followed by its bias is a dense layer of fan-in f with min(groups, fan-out)
/// tokens, each of which gives f numbers to the neurons of its group; <see cref="WeightUpdateRule"/> says how they meet
/// the shared base. Another trainable tensor of P numbers has min(groups, P) tokens that give every number. What is not
/// trainable, an unpaired bias without <see cref="TransformerOptions.InstanceBiases"/>, and what a closed form solves
/// (<see cref="TransformerOptions.SolveLinearPart"/>) has no token and is shared.
/// Names: <c>base_params.BLOCK</c>, <c>wtoken_postfc.BLOCK.{0,1}.{weight,bias}</c>, and <c>low_rank.BLOCK</c> for that
/// rule. A dense layer <c>3.weight, 3.bias</c> is the block <c>wb3</c>; <c>rgb.weight, rgb.bias</c> is <c>rgb</c>; any
/// other tensor has its own name.
/// </remarks>
public sealed class WeightGenerator
{
    private readonly WeightBlock[] _blocks;
    private readonly int[] _firstToken;

    /// <summary>Creates the description of a generator.</summary>
    /// <param name="target">The target whose θ is generated.</param>
    /// <param name="options">Groups, rule and width of the tokens.</param>
    /// <exception cref="ArgumentException">A block of <see cref="TransformerOptions.GroupsOfBlock"/> does not exist, or nothing is left to generate.</exception>
    public WeightGenerator(ITargetFunction target, TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        Target = target;
        _blocks = [.. Cut(target, options)];
        RequireKnown(options);
        _firstToken = new int[_blocks.Length];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _firstToken[i] = TokenCount;
            TokenCount += _blocks[i].Tokens;
        }

        if (TokenCount == 0)
            throw new ArgumentException($"Nothing of the layout ({target.Layout}) is left to generate.", nameof(target));
        Specs = [.. _blocks.SelectMany(b => b.BaseSpecs), .. _blocks.SelectMany(b => b.Head?.Specs ?? [])];
    }

    /// <summary>The target whose θ is generated.</summary>
    public ITargetFunction Target { get; }

    /// <summary>The number of weight tokens of all blocks.</summary>
    public int TokenCount { get; }

    /// <summary>The weights, under their official names and in the official order.</summary>
    public IReadOnlyList<ParameterSpec> Specs { get; }

    /// <summary>The blocks in order: name, first weight token, number of tokens (0 for shared ones).</summary>
    public IReadOnlyList<(string Name, int FirstToken, int Tokens)> Blocks => [.. _blocks.Select((b, i) => (b.Name, _firstToken[i], b.Tokens))];

    /// <summary>Draws initial weights; the base is an initial θ of the target.</summary>
    /// <param name="generator">The source of randomness, on the CPU.</param>
    /// <returns>One tensor per entry of <see cref="Specs"/>.</returns>
    public IReadOnlyList<Tensor> Initialize(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        using var scope = NewDisposeScope();
        using var initial = Target.Initialize(generator);
        Tensor[] drawn = [.. _blocks.SelectMany(b => b.InitializeBase(initial, generator)), .. _blocks.SelectMany(b => b.Head?.Initialize(generator) ?? [])];
        return [.. drawn.Select(t => t.MoveToOuterDisposeScope())];
    }

    /// <summary>Generates θ of B signals.</summary>
    /// <param name="weights">A set that holds <see cref="Specs"/>.</param>
    /// <param name="tokens">The encoded weight tokens; shape [B,<see cref="TokenCount"/>,dim].</param>
    /// <param name="linearType">The type in which linear layers compute.</param>
    /// <returns>θ with a batch axis, float32; differentiable in weights and tokens.</returns>
    public ParameterSet Generate(ParameterSet weights, Tensor tokens, ScalarType linearType = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Shapes.Require(tokens, "tokens", $"[B,{TokenCount},dim]", 3);
        if (tokens.shape[1] != TokenCount)
            throw new ArgumentException($"There are {TokenCount} weight tokens; tokens are {Shapes.Text(tokens)}.", nameof(tokens));
        using var scope = NewDisposeScope();
        long batch = tokens.shape[0];
        var theta = new Tensor[Target.Layout.Count];
        for (int i = 0; i < _blocks.Length; i++)
        {
            var block = _blocks[i];
            var numbers = block.Head?.Apply(weights, tokens.narrow(1, _firstToken[i], block.Tokens), linearType);
            block.Fill(weights, numbers, batch, theta);
        }

        return new ParameterSet(Target.Layout, theta).MoveToOuterDisposeScope();
    }

    private static IEnumerable<WeightBlock> Cut(ITargetFunction target, TransformerOptions options)
    {
        var layout = target.Layout;
        string[] solved = options.SolveLinearPart && target is ILinearInParameters linear ? [.. linear.LinearParameters] : [];
        for (int i = 0; i < layout.Count; i++)
        {
            var spec = layout[i];
            bool dense = spec.Role == ParameterRole.Weight && spec.Shape.Count == 2 && i + 1 < layout.Count
                && layout[i + 1].Role == ParameterRole.Bias && layout[i + 1].Shape.SequenceEqual([spec.Shape[0]]);
            if (solved.Contains(spec.Name) || !spec.IsTrainable || (spec.Role == ParameterRole.Bias && !options.InstanceBiases))
            {
                yield return new SharedBlock(spec.Name, layout, i);
            }
            else if (dense)
            {
                string name = BlockName(spec.Name);
                yield return new DenseBlock(name, layout, i, options.GroupsOf(name), options);
                i++;
            }
            else
            {
                yield return new FreeBlock(spec.Name, layout, i, options.GroupsOf(spec.Name), options);
            }
        }
    }

    private static string BlockName(string weight)
    {
        const string Suffix = ".weight";
        string name = weight.EndsWith(Suffix, StringComparison.Ordinal) ? weight[..^Suffix.Length] : weight;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "wb" + name : name;
    }

    private void RequireKnown(TransformerOptions options)
    {
        foreach (string name in options.GroupsOfBlock.Keys)
        {
            if (!_blocks.Any(b => b.Name == name && b.Tokens > 0))
                throw new ArgumentException($"GroupsOfBlock names '{name}', which has no weight tokens; there are {string.Join(", ", _blocks.Where(b => b.Tokens > 0).Select(b => b.Name))}.", nameof(options));
        }
    }
}
