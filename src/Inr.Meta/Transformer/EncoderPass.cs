namespace Inr.Meta;

/// <summary>How one pass through a hypernetwork runs; the result differs by rounding only.</summary>
/// <param name="Kernel">How attention is computed.</param>
/// <param name="LinearType">The type in which linear layers and attention compute: float32, or bfloat16 where the processor
/// gains from it. Norms, residual sums and everything that feeds a target function stay in float32.</param>
public sealed record EncoderPass(AttentionKernel Kernel = AttentionKernel.Fused, ScalarType LinearType = ScalarType.Float32)
{
    /// <summary>Fused attention in float32.</summary>
    public static EncoderPass Default { get; } = new();
}
