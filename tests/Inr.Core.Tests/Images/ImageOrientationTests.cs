using System.Buffers.Binary;

namespace Inr.Tests;

/// <summary>Pictures the way up that their EXIF data say.</summary>
public sealed class ImageOrientationTests
{
    // A picture of the letters abc over def, as it is to be seen from the file's pixels, for each orientation of the EXIF standard.
    private static readonly string[][] Seen =
    [
        ["abc", "def"], ["cba", "fed"], ["fed", "cba"], ["def", "abc"],
        ["ad", "be", "cf"], ["da", "eb", "fc"], ["fc", "eb", "da"], ["cf", "be", "ad"],
    ];

    public static TheoryData<int, bool, bool> Orientations()
    {
        var rows = new TheoryData<int, bool, bool>();
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            rows.Add(orientation, false, false);
            rows.Add(orientation, true, true);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_Png_IsUpright(int orientation, bool isLittle, bool isInterlaced)
    {
        byte[] png = new PngBuilder { Width = 3, Height = 2, Interlaced = isInterlaced, Sample = (y, x, _) => "abcdef"[3 * y + x] }.Build();
        byte[] tagged = [.. png[..33], .. PngBuilder.Chunk("eXIf", Exif(orientation, isLittle)), .. png[33..]];

        using var seen = ImageSignal.Decode(tagged);
        using var stored = ImageSignal.Decode(tagged, options: new ImageLoadOptions { KeepStoredOrientation = true });

        Letters(seen).Should().Equal(Seen[orientation - 1]);
        Letters(stored).Should().Equal(Seen[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_Jpeg_IsUpright(int orientation)
    {
        byte[] jpeg = TestFiles.FixtureBytes("images/exif6.jpg");
        int entry = jpeg.AsSpan().IndexOf(new byte[] { 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6 });
        jpeg[entry + 9] = (byte)orientation;

        using var seen = ImageSignal.Decode(jpeg);
        using var stored = ImageSignal.Decode(jpeg, options: new ImageLoadOptions { KeepStoredOrientation = true });

        (stored.Width(), stored.Height()).Should().Be((32, 48));
        (seen.Width(), seen.Height()).Should().Be(orientation < 5 ? (32, 48) : (48, 32));
        // Where the corners of the file go: a and c at the ends of its first row, d and f at those of its last.
        byte[] pixels = seen.ToPixels8(), file = stored.ToPixels8();
        string[] letters = Seen[orientation - 1];
        int right = seen.Width() - 1, bottom = seen.Height() - 1;
        var corners = new[] { (letters[0][0], 0, 0), (letters[0][^1], 0, right), (letters[^1][0], bottom, 0), (letters[^1][^1], bottom, right) };
        foreach (var (letter, row, column) in corners)
        {
            int from = letter switch { 'a' => 0, 'c' => 31, 'd' => 47 * 32, _ => 47 * 32 + 31 };
            pixels.AsSpan(3 * (row * seen.Width() + column), 3).ToArray().Should().Equal(file.AsSpan(3 * from, 3).ToArray());
        }
    }

    [Fact]
    public void Load_PhotoOnItsSide_IsAsViewersShowIt()
    {
        using var image = ImageSignal.Load(TestFiles.Fixture("images/exif6.jpg"));
        using var fitted = ImageSignal.Load(TestFiles.Fixture("images/exif6.jpg"), new ImageLoadOptions { Size = new ImageSize(16, 24) });

        (image.Width(), image.Height()).Should().Be((48, 32));
        var pixel = image.ToPixels8().AsSpan(3 * (2 * 48 + 2), 3).ToArray();
        pixel.Zip(new[] { 242, 26, 28 }, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(4);
        // Size and crop are those of the picture as it is seen.
        fitted.ToPixels8().AsSpan(0, 3).ToArray().Zip(new[] { 242, 26, 28 }, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(8);
    }

    [Fact]
    public void Load_CmykWithoutAdobeMarker_HasItsColours()
    {
        using var image = ImageSignal.Load(TestFiles.Fixture("images/cmyk-plain.jpg"));

        (image.Width(), image.Height(), image.Channels).Should().Be((48, 32, 3));
        image.ToPixels8().AsSpan(3 * (2 * 48 + 2), 3).ToArray().Zip(new[] { 242, 26, 26 }, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(4);
    }

    [Fact]
    public void Decode_CmykWithAdobeMarker_IsTheSame()
    {
        byte[] plain = TestFiles.FixtureBytes("images/cmyk-plain.jpg");
        byte[] marked = [.. plain[..2], 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0, .. plain[2..]];

        using var image = ImageSignal.Decode(plain);
        using var same = ImageSignal.Decode(marked);

        same.ToPixels8().Should().Equal(image.ToPixels8());
    }

    [Theory]
    [InlineData("")]
    [InlineData("II")]
    [InlineData("II*\0\u0008\0\0\0")]
    [InlineData("II*\0\u00FF\u00FF\u00FF\u00FF\u0001\0")]
    [InlineData("MM\0*\0\0\0\u0008\u00FF\u00FF\u0001\u0012\0\u0003")]
    [InlineData("XX*\0\u0008\0\0\0\0\0")]
    public void Decode_DamagedExif_IsStillAPicture(string exif)
    {
        byte[] png = new PngBuilder { Width = 3, Height = 2, Sample = (y, x, _) => "abcdef"[3 * y + x] }.Build();
        byte[] tagged = [.. png[..33], .. PngBuilder.Chunk("eXIf", [.. exif.Select(c => (byte)c)]), .. png[33..]];
        byte[] odd = [.. png[..33], .. PngBuilder.Chunk("eXIf", Exif(9, true)), .. png[33..]];

        using var image = ImageSignal.Decode(tagged);
        using var other = ImageSignal.Decode(odd);

        Letters(image).Should().Equal(Seen[0]);
        Letters(other).Should().Equal(Seen[0]);
    }

    private static string[] Letters(Signal image) =>
        [.. image.ToPixels8().Chunk(image.Width()).Select(row => string.Concat(row.Select(p => (char)p)))];

    private static byte[] Exif(int orientation, bool isLittle)
    {
        // Two entries, so that the second one is found.
        var exif = new byte[8 + 2 + 24 + 4];
        void Short(int at, int value)
        {
            if (isLittle)
                BinaryPrimitives.WriteUInt16LittleEndian(exif.AsSpan(at), (ushort)value);
            else
                BinaryPrimitives.WriteUInt16BigEndian(exif.AsSpan(at), (ushort)value);
        }

        (exif[0], exif[1]) = isLittle ? ((byte)'I', (byte)'I') : ((byte)'M', (byte)'M');
        Short(2, 42);
        Short(isLittle ? 4 : 6, 8);
        Short(8, 2);
        Short(10, 0x0100);
        Short(12, 3);
        Short(isLittle ? 14 : 16, 1);
        Short(18, 3);
        Short(22, 0x0112);
        Short(24, 3);
        Short(isLittle ? 26 : 28, 1);
        Short(30, orientation);
        return exif;
    }
}
