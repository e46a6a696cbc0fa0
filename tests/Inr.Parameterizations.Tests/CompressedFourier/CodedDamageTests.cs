using Inr.Files;

namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>Files that were cut or changed: an error that names the file as bad, or a picture of the size that it says. <c>benchmarks/Inr.Studies codec damage</c> does the same to fifty files.</summary>
public sealed class CodedDamageTests
{
    // A declared picture has four bytes a value; the tables of the contexts do not grow with it.
    private const long Tables = 24 << 20;

    public static TheoryData<string> Kinds => new(All.Keys);

    private static Dictionary<string, Func<FitResult>> All => new()
    {
        ["grey"] = () => Fit(() => CodedPictures.Photo([19, 25], 1), new() { Quality = 40 }),
        ["color"] = () => Fit(() => CodedPictures.Photo([24, 20], 3), new() { Quality = 30 }),
        ["color of 16 bits and transparency"] = () => Fit(() => CodedPictures.Photo([9, 14], 4, 16), new() { Quality = 45 }),
        ["sound"] = () => Fit(() => CodedPictures.Photo([400], 2, 0), new() { Quality = 30 }),
        ["palette"] = () => Fit(() => CodedPictures.Text(19, 26, 3), new() { Lossless = true }),
        ["grey text of 16 bits"] = () => Fit(() => CodedPictures.Text(12, 20, 1, 16), new() { Lossless = true }),
        ["page"] = () => Fit(() => CodedPictures.Page(128, 20, 1), new() { Quality = 30 }),
        ["flat"] = () => Fit(() => Signal.FromGrid(Enumerable.Repeat(0.5f, 300 * 300).ToArray(), [300, 300], 1), new()),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void File_CutAnywhere_IsRefusedOrAPicture(string kind)
    {
        byte[] file = File(kind);
        int pictures = Enumerable.Range(0, file.Length).Count(length => IsPicture(file[..length]));
        pictures.Should().BeLessThan(Math.Max(4, file.Length / 2));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void File_WithABitChanged_IsRefusedOrAPicture(string kind)
    {
        byte[] file = File(kind);
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] changed = [.. file];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            IsPicture(changed);
        }
    }

    private static bool IsPicture(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), values = 0;
        try
        {
            using var loaded = ImplicitRepresentation.Load(new MemoryStream(file));
            values = loaded.Domain.SampleCount * loaded.Target.OutputDimension;
            using var rendered = loaded.Render();
            rendered.SampleCount.Should().Be(loaded.Domain.SampleCount);
            return true;
        }
        catch (InrFileException)
        {
            return false;
        }
        finally
        {
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(Tables + (4 * sizeof(float) * values));
        }
    }

    private static byte[] File(string kind)
    {
        using var fit = All[kind]();
        using var stream = new MemoryStream();
        fit.Representation.Save(stream);
        return stream.ToArray();
    }

    private static FitResult Fit(Func<Signal> make, CompressedFourierOptions options)
    {
        using var signal = make();
        using var fitter = new CompressedFourierFitter(options);
        return fitter.Fit(signal);
    }
}
