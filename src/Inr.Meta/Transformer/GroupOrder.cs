namespace Inr.Meta;

/// <summary>Which of n numbers (or columns of a matrix) each of g weight tokens generates.</summary>
public enum GroupOrder
{
    /// <summary>Token t has t, t+g, t+2g, …: as in the official Trans-INR code.</summary>
    Strided,

    /// <summary>Token t has a run of n/g neighbours.</summary>
    Contiguous,
}
