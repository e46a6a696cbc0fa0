namespace Inr;

/// <summary>How a WAV file stores a sample.</summary>
public enum WavFormat
{
    /// <summary>8-bit integers without sign, 128 in the middle.</summary>
    Pcm8,

    /// <summary>16-bit integers.</summary>
    Pcm16,

    /// <summary>24-bit integers.</summary>
    Pcm24,

    /// <summary>32-bit integers.</summary>
    Pcm32,

    /// <summary>32-bit floating point.</summary>
    FloatingPoint32,

    /// <summary>64-bit floating point.</summary>
    FloatingPoint64,
}
