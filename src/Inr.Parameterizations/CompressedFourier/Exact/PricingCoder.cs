namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Counts what bits would cost, and writes none.</summary>
internal struct PricingCoder : IBitCoder
{
    /// <summary>Bits so far.</summary>
    public float Bits { get; set; }

    /// <inheritdoc/>
    public readonly bool IsDrained => false;

    /// <inheritdoc/>
    public int Code(int bit, int probability)
    {
        Bits += BitCost.Of(probability, bit);
        return bit;
    }
}
