namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A signal that is coded.</summary>
/// <param name="Bytes">All bytes of θ.</param>
/// <param name="Picture">The boxes that they hold.</param>
/// <param name="Error">The mean squared error over all samples and channels of what they decode to.</param>
internal sealed record CodedSignal(byte[] Bytes, ParsedPicture Picture, double Error);
