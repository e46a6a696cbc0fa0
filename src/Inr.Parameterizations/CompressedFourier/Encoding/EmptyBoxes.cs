namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The least code of a picture: whole trees without a level, so that it is its mean everywhere.</summary>
internal sealed class EmptyBoxes : IBoxChooser
{
    /// <summary>The bytes, and the boxes that they hold.</summary>
    public static (byte[] Bytes, ParsedPicture Picture) Encode(PictureHeader header)
    {
        var picture = new ParsedPicture(header);
        var coder = new PictureSyntax<ArithmeticEncoder>(header, new ArithmeticEncoder(), new EmptyBoxes(), picture.Add).Run();
        return ([.. header.ToBytes(), .. coder.Finish()], picture);
    }

    /// <inheritdoc/>
    public ExactPlane? Colors => null;

    /// <inheritdoc/>
    public int Split(BoxPlace place) => 0;

    /// <inheritdoc/>
    public void Choose(CodedBox box)
    {
        box.Mode = BoxPrediction.Planar;
        box.IsExact = false;
        Array.Clear(box.Classes);
        Array.Clear(box.Links);
    }
}
