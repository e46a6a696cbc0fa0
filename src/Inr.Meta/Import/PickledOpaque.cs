namespace Inr.Meta;

/// <summary>Something in a pickle that is harmless and not read: its place is known, its content is dropped.</summary>
/// <param name="What">What messages call it, such as <c>argparse.Namespace</c>.</param>
internal sealed record PickledOpaque(string What);
