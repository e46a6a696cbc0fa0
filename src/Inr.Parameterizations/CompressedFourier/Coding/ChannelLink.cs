namespace Inr.Parameterizations.CompressedFourier;

/// <summary>How much of the levels of the first channel another channel of the box takes over: 0, or ±⅛, ±¼, ±½, ±1.</summary>
internal static class ChannelLink
{
    /// <summary>The sizes that are not 0.</summary>
    public const int Sizes = 4;

    /// <summary>The factor of an index: 0, then ⅛, −⅛, ¼, −¼, …</summary>
    public static float Factor(int index) => index == 0 ? 0 : (index % 2 == 1 ? 0.125f : -0.125f) * (1 << ((index - 1) / 2));

    /// <summary>The index whose factor is nearest to a number, 0 left out.</summary>
    public static int Nearest(double factor)
    {
        int size = (int)Math.Clamp(Math.Round(Math.Log2(Math.Max(Math.Abs(factor), 0.01) / 0.125)), 0, Sizes - 1);
        return (2 * size) + (factor >= 0 ? 1 : 2);
    }
}
