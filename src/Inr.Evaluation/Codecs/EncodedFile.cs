namespace Inr.Evaluation;

/// <summary>A picture as a codec wrote it.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="EncodeSeconds">Wall-clock seconds of writing it.</param>
/// <param name="DecodeSeconds">Wall-clock seconds of reading it; 0 until it is read.</param>
internal sealed record EncodedFile(byte[] Bytes, double EncodeSeconds, double DecodeSeconds = 0);
