namespace Inr;

/// <summary>What the loss that a step of a <see cref="StepLoop"/> sees says about the tensors before the step.</summary>
public enum StepLoss
{
    /// <summary>That of drawn samples: it says little.</summary>
    OfSome,

    /// <summary>That of all samples, once what the tensors leave open is completed: a promise, which a judgement confirms.</summary>
    OfAll,

    /// <summary>The loss itself: steps need no other judgement.</summary>
    Exact,
}
