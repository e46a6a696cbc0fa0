namespace Inr.Meta;

/// <summary>A part of a target's layout and the weight tokens that generate it.</summary>
internal abstract class WeightBlock
{
    protected WeightBlock(string name, int tokens, TokenHead? head)
    {
        Name = name;
        Tokens = tokens;
        Head = head;
    }

    /// <summary>The name of the block, as weights carry it.</summary>
    public string Name { get; }

    /// <summary>The number of weight tokens; 0 for a block that all signals share.</summary>
    public int Tokens { get; }

    /// <summary>Turns tokens into numbers; none without tokens.</summary>
    public TokenHead? Head { get; }

    /// <summary>The shared base weights.</summary>
    public abstract IReadOnlyList<ParameterSpec> BaseSpecs { get; }

    /// <summary>Draws the base weights from an initial θ of the target.</summary>
    public abstract IEnumerable<Tensor> InitializeBase(ParameterSet initial, Generator generator);

    /// <summary>Fills in the tensors of θ that belong to the block.</summary>
    /// <param name="weights">The hypernetwork's weights.</param>
    /// <param name="numbers">The head's output; shape [B,g,n], or null without tokens.</param>
    /// <param name="batch">B.</param>
    /// <param name="theta">One entry per tensor of the target's layout, each to be of shape [B, …].</param>
    public abstract void Fill(ParameterSet weights, Tensor? numbers, long batch, Tensor[] theta);
}
