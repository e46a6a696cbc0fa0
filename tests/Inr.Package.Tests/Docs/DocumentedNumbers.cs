namespace Inr.Package.Tests.Docs;

/// <summary>The numbers of README and docs that are measured again. A new one is one row.</summary>
/// <remarks>Closed forms repeat to the last bit on one machine; the spread leaves room for another processor's rounding.</remarks>
internal static class DocumentedNumbers
{
    private const double Rounding = 0.02;
    private const string PiecewisePage = "docs/piecewise-fourier.md";
    private const string Bases = "study piecewise-fourier bases ../shared/data/div2k-512/03.png 9000";
    private const string Kodak = "study piecewise-fourier compare ../shared/data/kodak-24 72000,272700";
    private const string ResultsPage = "docs/results.md";
    private const string ClosedForms = "study matrix --contexts full --columns closed-form --out {folder}";
    private const string Compare = "compare ../shared/data/kodak-24 --targets block-cosine,piecewise-fourier,siren --floats 72000 --report {folder}";
    private const string KodakMeans = @"72,000 floats[\s\S]*?\*\*mean\*\*[^\n]*?\| ([\d.]+) \(better of 8, 16\) \| \*\*([\d.]+)\*\*[\s\S]*?272,700 floats[\s\S]*?\*\*mean\*\*[^\n]*?\| ([\d.]+) \(better of 8, 16\) \| \*\*([\d.]+)\*\*";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocumentedNumber> All { get; } =
    [
        new(PiecewisePage, @"\| cosine, tight box \| 8,832 \| \*\*([\d.]+)\*\*", Bases, @"\| cosine, tight box \| 8832 \| ([\d.]+)", Rounding),
        new(PiecewisePage, @"\| real Fourier, period 1\.25 boxes \| 8,832 \| ([\d.]+)", Bases, @"\| real Fourier, 1\.25 box \| 8832 \| ([\d.]+)", Rounding),
        new(PiecewisePage, @"\| real Fourier, period 2 boxes \| 8,832 \| ([\d.]+)", Bases, @"\| real Fourier, 2 boxes \| 8832 \| ([\d.]+)", Rounding),
        new(PiecewisePage, @"\| real Fourier, period 1 box \| 8,832 \| ([\d.]+)", Bases, @"\| real Fourier, 1 box \(periodic\) \| 8832 \| ([\d.]+)", Rounding),
        new(PiecewisePage, @"\| literal [^|]+ \| 8,832 \| ([\d.]+)", Bases, @"\| literal [^|]+ \| 8832 \| ([\d.]+)", Rounding),
        new(PiecewisePage, @"\| cosine, wide box \| 8,832 \| ([\d.]+)", Bases, @"\| cosine, wide box \| 8832 \| ([\d.]+)", Rounding),
        new(PiecewisePage, @"\| Kodak 19 \| 272,700 \| ([\d.]+) \|",
            "fit ../shared/data/kodak-24/kodim19.png --target piecewise-fourier --floats 272700 --json {json}", @"""psnr"": ([\d.]+)", Rounding),
        new("docs/gradient-meta-learning.md", @"live tensors after 10 / 100 / 500 outer steps \| (\d+) / (\d+) / (\d+) ",
            "study gradient-meta leaks", @"\| 10 \| (\d+) \|[\s\S]*\| 100 \| (\d+) \|[\s\S]*\| 500 \| (\d+) \|", 0),
        new("README.md", @"\| 72,000 \| 288 kB \| ([\d.]+) \| \*\*([\d.]+)\*\*[^\n]*\n\| 272,700 \| 1,091 kB \| ([\d.]+) \| \*\*([\d.]+)\*\*", Kodak, KodakMeans, Rounding, IsCheap: false),
        new(PiecewisePage, @"\| 72,000 \| [\d.]+ \| ([\d.]+) \| \*\*([\d.]+)\*\*[\s\S]*?\| 272,700 \| [\d.]+ \| ([\d.]+) \| \*\*([\d.]+)\*\*", Kodak, KodakMeans, Rounding, IsCheap: false),
        Closed("photographs", "photographs"),
        Closed("faces", "faces"),
        Closed("icons", "icons"),
        Closed("sound", "audio"),
        new(ResultsPage, @"\| block-cosine \| 72,000 \| 288\.0 \| 5\.86 \| ([\d.]+) [^\n]*\n\| piecewise-fourier \| 72,000 \| 288\.0 \| 5\.86 \| \*\*([\d.]+)\*\*", Compare, @"\| block-cosine +\| +24 \| 72,000 \|[^|]*\|[^|]*\| +([\d.]+) \|[^\n]*\n\| piecewise-fourier +\| +24 \| 72,000 \|[^|]*\|[^|]*\| +([\d.]+) \|", Rounding, IsCheap: false),
    ];

    // The last column of a table of whole signals. That of text is left out: rounding alone limits an exact fit.
    private static DocumentedNumber Closed(string title, string name) => new(
        ResultsPage,
        $@"\*\*{title}, full\*\*[\s\S]*?\| piecewise Fourier \|[^\n]*\| \*\*([\d.]+)\*\* \|\n\| block cosines \(null\) \|[^\n]*\| ([\d.]+) \|\n\| global cosines \(null\) \|[^\n]*\| ([\d.]+) \|",
        ClosedForms,
        $@"{name}, full: piecewise-fourier × closed-form[^\n]*\n +([\d.]+) dB[\s\S]*?block-cosine × closed-form[^\n]*\n +([\d.]+) dB[\s\S]*?global-cosine × closed-form[^\n]*\n +([\d.]+) dB",
        Rounding);
}
