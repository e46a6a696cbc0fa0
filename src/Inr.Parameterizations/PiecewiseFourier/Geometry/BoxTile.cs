namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Some boxes of one shape that are worked on at once.</summary>
/// <param name="Group">The boxes they belong to.</param>
/// <param name="First">The first one in the group.</param>
/// <param name="Count">How many.</param>
internal readonly record struct BoxTile(BoxGroup Group, int First, int Count)
{
    /// <summary>The number within its class of a box of the tile; numbers beyond the last stand for the last: idle lanes repeat it.</summary>
    public int Box(int lane) => Group[First + Math.Min(lane, Count - 1)];
}
