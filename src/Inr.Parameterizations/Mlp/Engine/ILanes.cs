namespace Inr.Parameterizations.Engine;

/// <summary>The vector unit of a processor: what the kernels of the engine are written in, once for every width.</summary>
/// <remarks>The members are compiled into the kernels: a struct as type argument makes a kernel of its own for each width.</remarks>
/// <typeparam name="TVector">Some floats that are computed with together.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the unit has 32 registers, so that a block of eight points fits them; else four do.</summary>
    static abstract bool HasManyRegisters { get; }

    /// <summary>Whether a product and a sum are rounded once.</summary>
    static abstract bool IsFused { get; }

    /// <summary>What people call it.</summary>
    static abstract string Name { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(float* destination, TVector value);

    static abstract TVector Spread(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a·b + c, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Abs(TVector a);

    /// <summary>The bits of both, exclusive or.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Whether a is below b, as a mask of bits; false for NaN.</summary>
    static abstract TVector LessThan(TVector a, TVector b);

    /// <summary>a where the mask is set, else b.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>Whether a lane of a is above b; NaN is not.</summary>
    static abstract bool AnyGreater(TVector a, TVector b);

    /// <summary>The bits of each lane, shifted left.</summary>
    static abstract TVector ShiftLeft(TVector a, int bits);

    /// <summary>a·2^n, n the integer in the bits of a lane after they are shifted left by 23.</summary>
    static abstract TVector AddBits(TVector a, TVector bits);

    static abstract float Sum(TVector a);
}
