namespace Inr.Optimization;

/// <summary>Gradients by autograd, without the traps of calling it directly.</summary>
/// <remarks>
/// A loss without a graph ends the process in native code, and here gives zeros; a graph through the gradient is kept where it
/// was asked for; an input that the loss does not depend on has a gradient of zeros.
/// </remarks>
public static class Gradients
{
    /// <summary>The gradient of a scalar.</summary>
    /// <param name="loss">A scalar with a graph.</param>
    /// <param name="inputs">Tensors that require gradients.</param>
    /// <param name="higherOrder">Keeps a graph through the gradient, so that it can be differentiated again.</param>
    /// <param name="retainGraph">Keeps the graph of the loss for another call.</param>
    /// <returns>One tensor per input; zeros where the loss does not depend on it.</returns>
    public static Tensor[] Of(Tensor loss, IReadOnlyList<Tensor> inputs, bool higherOrder = false, bool retainGraph = false)
    {
        // Native autograd ends the process where the loss has no graph at all.
        if (!loss.requires_grad)
            return [.. inputs.Select(i => zeros_like(i))];
        // Unlike Python, TorchSharp frees the graph after create_graph unless retain_graph is said as well.
        return OrZeros(autograd.grad([loss], [.. inputs], retain_graph: higherOrder || retainGraph, create_graph: higherOrder, allow_unused: true), inputs);
    }

    /// <summary>The gradient of a scalar whose gradient in some intermediate tensors is known: goes on from there.</summary>
    /// <param name="outputs">The intermediate tensors, each with a graph.</param>
    /// <param name="outputGradients">The gradient in each of them, of its shape.</param>
    /// <param name="inputs">Tensors that require gradients.</param>
    /// <returns>One tensor per input; zeros where no output depends on it.</returns>
    public static Tensor[] Pull(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> outputGradients, IReadOnlyList<Tensor> inputs) =>
        outputs.Count == 0 ? [.. inputs.Select(i => zeros_like(i))] : OrZeros(autograd.grad([.. outputs], [.. inputs], grad_outputs: [.. outputGradients], allow_unused: true), inputs);

    private static Tensor[] OrZeros(IList<Tensor> gradients, IReadOnlyList<Tensor> inputs)
    {
        var result = new Tensor[inputs.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = gradients[i] is { } g && !g.IsInvalid ? g : zeros_like(inputs[i]);
        return result;
    }
}
