namespace Inr.Meta;

/// <summary>The third axis of the family: where the inner step sizes come from.</summary>
public enum StepSizeRule
{
    /// <summary>One number that stays as it is.</summary>
    Fixed,

    /// <summary>One learned number per parameter tensor.</summary>
    PerTensor,

    /// <summary>One learned number per parameter: Meta-SGD.</summary>
    PerElement,
}
