using SixLabors.ImageSharp.Formats.Jpeg;

namespace Inr.Evaluation;

/// <summary>How a JPEG is written.</summary>
/// <param name="Quality">1 to 100.</param>
/// <param name="Color">Whether colour is kept whole or halved on both axes.</param>
internal readonly record struct JpegChoice(int Quality, JpegColorType Color);
