using System.Buffers.Binary;

namespace Inr.Tests;

public sealed class ImageHostileInputTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Load_MissingFile_SaysSo() => Refused(_files.At("none.png"), "*none.png*no such file*");

    [Fact]
    public void Load_Folder_SaysSo() => Refused(_files.Folder, "*is a folder*");

    [Fact]
    public void Load_EmptyFile_SaysSo() => Refused(_files.Write("a.png", []), "*a.png*empty*");

    [Fact]
    public void Load_TextNamedPng_SaysSo() => Refused(_files.Write("a.png", "not an image at all"u8.ToArray()), "*neither PNG nor JPEG*");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Load_EmptyPath_Throws(string path) =>
        new Action(() => ImageSignal.Load(path)).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData("images/coffee-48x40.png")]
    [InlineData("images/formula-grey16.png")]
    [InlineData("images/coffee-baseline.jpg")]
    [InlineData("images/coffee-progressive.jpg")]
    public void Decode_TruncatedAnywhere_Throws(string fixture)
    {
        var whole = TestFiles.FixtureBytes(fixture);

        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 120))
        {
            var cut = whole[..length];
            var act = () => ImageSignal.Decode(cut, "cut");
            act.Should().Throw<SignalLoadException>($"{length} of {whole.Length} bytes are no image");
        }

        new Action(() => ImageSignal.Decode(whole.AsSpan(0, whole.Length - 1), "cut")).Should().Throw<SignalLoadException>().WithMessage("*truncated*");
    }

    [Fact]
    public void Decode_PngWithAnyByteChanged_Throws()
    {
        var whole = TestFiles.FixtureBytes("images/formula-rgba.png");

        for (int at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            var act = () => ImageSignal.Decode(damaged);
            act.Should().Throw<SignalLoadException>($"byte {at} was changed");
        }
    }

    [Fact]
    public void Decode_JpegWithBytesChanged_ThrowsNothingElse()
    {
        var whole = TestFiles.FixtureBytes("images/coffee-baseline.jpg");
        var random = new Random(1);
        int refused = 0;

        for (int round = 0; round < 400; round++)
        {
            var damaged = (byte[])whole.Clone();
            for (int change = 0; change < 3; change++)
                damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            try
            {
                // Changed entropy data may still decode; what may not happen is another exception or a wrong range.
                using var image = ImageSignal.Decode(damaged);
                image.Values.max().item<float>().Should().BeLessThanOrEqualTo(1);
            }
            catch (SignalLoadException)
            {
                refused++;
            }
        }

        refused.Should().BeInRange(1, 399, "the changes reach both outcomes");
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    [InlineData(-1, 4)]
    public void Decode_PngOfNoPixels_Throws(int width, int height) =>
        Refused(PngWithHeader(width, height), "*no image*");

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Decode_PngOfAbsurdSize_NamesSizeAndLimit(int width, int height) =>
        Refused(PngWithHeader(width, height), $"*{width}×{height}*limit*67108864*");

    [Fact]
    public void Decode_TinyPngThatPromisesManyPixels_IsRefusedBeforeAllocation()
    {
        var png = PngWithHeader(8000, 8000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refused(png, "*truncated*");

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }

    [Fact]
    public void Decode_PngThatInflatesToMoreThanItsPixels_IgnoresTheRest()
    {
        var png = Simple(rows: rows => [.. rows, .. new byte[50_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        using var image = ImageSignal.Decode(png);

        image.SampleCount.Should().Be(12);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }

    [Fact]
    public void Decode_PngThatInflatesToFewerRows_Throws() =>
        Refused(Simple(rows: rows => rows[..^1]), "*truncated*");

    [Fact]
    public void Decode_PngWithUnknownFilter_Throws() =>
        Refused(Simple(rows: rows => [9, .. rows[1..]]), "*filter 9*");

    [Fact]
    public void Decode_PngWithBadPalette_Throws()
    {
        byte[] Palette(int bytes, int index) => new PngBuilder { Width = 2, Height = 1, Color = 3, Palette = new byte[bytes], Sample = (_, _, _) => index }.Build();

        Refused(Palette(6, 2), "*palette entry 2 of 2*");
        Refused(Palette(0, 0), "*palette has 0 bytes*");
        Refused(Palette(7, 0), "*palette has 7 bytes*");
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 4)]
    [InlineData(3, 16)]
    [InlineData(5, 8)]
    [InlineData(6, 0)]
    public void Decode_PngOfImpossibleLayout_Throws(int color, int depth) =>
        Refused(PngWithHeader(4, 4, color, depth), $"*bit depth {depth}, colour type {color}*");

    [Fact]
    public void Decode_PngWithTransparencyOfWrongSize_Throws() =>
        Refused(new PngBuilder { Width = 2, Height = 1, Color = 2, Transparency = [0, 1], Sample = (_, _, _) => 1 }.Build(), "*transparency*2 bytes instead of 6*");

    [Fact]
    public void Decode_PngWithUnknownCriticalChunk_Throws()
    {
        var png = Simple();
        byte[] extended = [.. png[..33], .. PngBuilder.Chunk("NEWC", [1]), .. png[33..]];

        Refused(extended, "*critical*");
    }

    [Fact]
    public void Decode_PngWithUnknownAncillaryChunkOrTrailingBytes_IsRead()
    {
        var png = Simple();
        byte[] extended = [.. png[..33], .. PngBuilder.Chunk("neWc", [1]), .. png[33..], 1, 2, 3];

        using var image = ImageSignal.Decode(extended);

        image.SampleCount.Should().Be(12);
    }

    [Theory]
    [InlineData(0, 48)]
    [InlineData(40, 0)]
    [InlineData(65535, 65535)]
    public void Decode_JpegOfBadSize_Throws(int height, int width)
    {
        var jpeg = TestFiles.FixtureBytes("images/coffee-baseline.jpg");
        int frame = jpeg.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);

        Refused(jpeg, $"*{width}×{height}*");
    }

    [Fact]
    public void Decode_TinyJpegThatPromisesManyPixels_IsRefusedBeforeAllocation()
    {
        var jpeg = TestFiles.FixtureBytes("images/tiny-8192x8192.jpg");
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refused(jpeg, "*252 bytes*8192×8192*");

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Fact]
    public void Decode_JpegOfAThousandScans_IsRefused()
    {
        var jpeg = TestFiles.FixtureBytes("images/coffee-progressive.jpg");
        int scan = jpeg.AsSpan().LastIndexOf(new byte[] { 0xFF, 0xDA });
        byte[] many = [.. jpeg[..scan], .. Enumerable.Repeat(jpeg[scan..^2], 1000).SelectMany(s => s), .. jpeg[^2..]];

        Refused(many, "*more than 200 scans*");
    }

    [Theory]
    [InlineData("GIF89a..........", "*GIF*")]
    [InlineData("BM..............", "*BMP*")]
    [InlineData("II*\0............", "*TIFF*")]
    [InlineData("RIFF....WEBPVP8 ", "*WebP*")]
    [InlineData("\0\0\0\u0018ftypheic....", "*HEIC*")]
    [InlineData("<svg xmlns=......", "*SVG*")]
    public void Decode_OtherKinds_AreNamed(string content, string message) =>
        Refused([.. content.Select(c => (byte)c)], "*neither PNG nor JPEG" + message + "convert it first*");

    [Fact]
    public void Decode_LimitOfPixels_IsThatOfTheOptions()
    {
        var png = Simple();

        using var image = ImageSignal.Decode(png, options: new ImageLoadOptions { MaxPixels = 12 });
        var act = () => ImageSignal.Decode(png, options: new ImageLoadOptions { MaxPixels = 11 });

        act.Should().Throw<SignalLoadException>().WithMessage("*12 pixels*limit is 11*");
    }

    private static void Refused(string path, string message) =>
        new Action(() => ImageSignal.Load(path)).Should().Throw<SignalLoadException>().WithMessage(message).Which.SignalSource.Should().Be(path);

    private static void Refused(byte[] data, string message) =>
        new Action(() => ImageSignal.Decode(data, "hostile")).Should().Throw<SignalLoadException>().WithMessage("*'hostile'" + message);

    private static byte[] Simple(Func<byte[], byte[]>? rows = null) =>
        new PngBuilder { Width = 4, Height = 3, Color = 2, Sample = (y, x, k) => y + x + k, Rows = rows ?? (r => r) }.Build();

    private static byte[] PngWithHeader(int width, int height, int color = 2, int depth = 8)
    {
        var png = Simple();
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)color);
        return [.. png[..8], .. PngBuilder.Chunk("IHDR", header), .. png[33..]];
    }
}
