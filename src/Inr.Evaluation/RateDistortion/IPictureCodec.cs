namespace Inr.Evaluation;

/// <summary>A codec with one setting that trades bytes for error.</summary>
internal interface IPictureCodec
{
    /// <summary>Its name in reports: letters, digits, hyphens.</summary>
    string Name { get; }

    /// <summary>What it is, with the options that matter.</summary>
    string Summary { get; }

    /// <summary>The program and its version; null for the library's own.</summary>
    string? Version { get; }

    /// <summary>The settings of a curve, from the fewest bytes to the most.</summary>
    IReadOnlyList<double> Settings { get; }

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">Of one or three channels and 8 bits.</param>
    /// <param name="setting">Between the first and the last of <see cref="Settings"/>.</param>
    /// <param name="cancellation">Ends the work.</param>
    EncodedFile Encode(CodecPicture picture, double setting, CancellationToken cancellation);

    /// <summary>Decodes a file of the picture.</summary>
    /// <returns>The decoded picture, which the caller owns, and the seconds that it took.</returns>
    (Signal Picture, double Seconds) Decode(CodecPicture picture, EncodedFile file, CancellationToken cancellation);

    /// <summary>A setting between two others, where one is as good as another one in between.</summary>
    double Between(double low, double high);
}
