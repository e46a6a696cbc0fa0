using System.Globalization;

namespace Inr.Evaluation;

/// <summary>A curve that others published for the 24 pictures of Kodak.</summary>
/// <param name="Method">The codec.</param>
/// <param name="Points">Mean bits a pixel and mean PSNR of RGB.</param>
/// <param name="Source">Where the numbers are from.</param>
/// <param name="Licence">The licence of that source.</param>
/// <param name="Caveat">What must be said with them.</param>
public sealed record PublishedCurve(string Method, IReadOnlyList<RatePoint> Points, string Source, string Licence, string Caveat)
{
    private const int KodakPictures = 24;
    private const string Resource = "kodak.csv";

    /// <summary>The curves that the library ships.</summary>
    public static IReadOnlyList<PublishedCurve> OfKodak()
    {
        using var stream = typeof(PublishedCurve).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Whether pictures are those of Kodak by name: kodim01 to kodim24.</summary>
    /// <param name="signals">The names.</param>
    public static bool IsKodak(IEnumerable<string> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        return signals.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
            .SequenceEqual(Enumerable.Range(1, KodakPictures).Select(i => string.Create(CultureInfo.InvariantCulture, $"kodim{i:00}")));
    }

    // Columns: method, bpp, psnr, source, licence, caveat. No field has a quotation mark or a comma.
    private static List<PublishedCurve> Parse(string text)
    {
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).Select(line => line.Split(','));
        return [.. rows.GroupBy(r => r[0]).Select(g => new PublishedCurve(g.Key, [.. g.Select(r => new RatePoint(Number(r[1]), Number(r[2])))], g.First()[3], g.First()[4], g.First()[5]))];

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
