using System.Runtime.InteropServices;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The boxes of a picture and their levels, before anything has a sample.</summary>
/// <param name="header">The header.</param>
internal sealed class ParsedPicture(PictureHeader header)
{
    private readonly List<ParsedBox> _boxes = [];
    private readonly List<int> _counts = [];
    private readonly List<byte> _links = [];
    private readonly List<ushort> _places = [];
    private readonly List<int> _levels = [];

    public PictureHeader Header { get; } = header;

    /// <summary>The colors of exact boxes; null where there are none.</summary>
    public ExactPlane? Colors { get; set; }

    /// <summary>Layers of refinements.</summary>
    public List<ParsedLayer> Layers { get; } = [];

    /// <summary>The boxes in the order of their coding.</summary>
    public ReadOnlySpan<ParsedBox> Boxes => CollectionsMarshal.AsSpan(_boxes);

    /// <summary>How many levels of each box and channel are not 0.</summary>
    public ReadOnlySpan<int> Counts => CollectionsMarshal.AsSpan(_counts);

    /// <summary>The link of each box and channel.</summary>
    public ReadOnlySpan<byte> Links => CollectionsMarshal.AsSpan(_links);

    /// <summary>The places of the levels that are not 0.</summary>
    public ReadOnlySpan<ushort> Places => CollectionsMarshal.AsSpan(_places);

    /// <summary>Those levels.</summary>
    public ReadOnlySpan<int> Levels => CollectionsMarshal.AsSpan(_levels);

    /// <summary>Reads coded bytes: whole numbers only, and no sample is made.</summary>
    /// <exception cref="FormatException">They are damaged.</exception>
    public static ParsedPicture Parse(byte[] bytes)
    {
        var header = PictureHeader.Parse(bytes, out int start);
        var picture = new ParsedPicture(header);
        bool isCut = header.IsCut(bytes.Length, start);
        var syntax = new PictureSyntax<ArithmeticDecoder>(header, new ArithmeticDecoder(bytes, start, isCut), null, picture.Add);
        var coder = syntax.Run();
        picture.Colors = syntax.Colors;
        if (header.Refinements > 0)
        {
            var layers = new RefinementSyntax<ArithmeticDecoder>(picture);
            for (int i = 0; i < header.Refinements && !coder.IsDrained; i++)
                layers.Run(ref coder, null);
        }

        if (!isCut)
            coder.RequireEnd();
        return picture;
    }

    /// <summary>Adds a box; what it holds is copied.</summary>
    public void Add(CodedBox box)
    {
        _boxes.Add(new ParsedBox(box.Place, box.Mode, box.IsExact));
        var table = BoxTable.For(box.Place.LogWidth, box.Place.LogHeight);
        for (int channel = 0; channel < Header.Channels; channel++)
        {
            int before = _places.Count, end = Math.Min(BoxTable.ClassEnd(box.Classes[channel]), table.Area);
            int[] levels = box.Levels[channel];
            for (int i = 0; i < end; i++)
            {
                int place = table.Order[i];
                if (levels[place] == 0)
                    continue;
                _places.Add((ushort)place);
                _levels.Add(levels[place]);
            }

            _links.Add((byte)box.Links[channel]);
            _counts.Add(_places.Count - before);
        }
    }
}
