namespace Inr;

/// <summary>How <see cref="ImageResize"/> weighs source pixels around a target pixel.</summary>
public enum ResizeFilter
{
    /// <summary>Keys' cubic convolution with a = −1/2, support 2.</summary>
    Bicubic,

    /// <summary>A triangle, support 1.</summary>
    Bilinear,

    /// <summary>The plain mean over the area of the target pixel, support 1/2.</summary>
    Box,
}
