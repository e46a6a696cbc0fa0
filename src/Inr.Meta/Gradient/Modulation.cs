namespace Inr.Meta;

/// <summary>What a latent does to a layer Wh + b of the shared network.</summary>
[Flags]
public enum Modulation
{
    /// <summary>Wh + b + s.</summary>
    Shift = 1,

    /// <summary>(1 + g)·(Wh + b), unit by unit.</summary>
    Scale = 2,

    /// <summary>(1 + g)·(Wh + b) + s.</summary>
    ShiftAndScale = Shift | Scale,
}
