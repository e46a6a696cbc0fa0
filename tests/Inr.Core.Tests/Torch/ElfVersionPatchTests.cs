using System.Security.Cryptography;

namespace Inr.Tests.Torch;

public sealed class ElfVersionPatchTests
{
    private const string Version = PatchedCopy.OptionalVersion;

    // `readelf -V` of the original: .gnu.version_r lies at 0x3f8f0, the entry of GLIBCXX_3.4.32 at 0x140 in it; vna_flags at 4.
    private const int FlagOffset = 0x3f8f0 + 0x140 + 4;

    [Fact]
    public void PackagedLibrary_Hash_IsTheOneThatThePatchWasMadeFor() =>
        Convert.ToHexString(SHA256.HashData(NativeLibraryFile.Read())).ToLowerInvariant().Should().Be(NativeLibraryFile.Sha256);

    [Fact]
    public void MakeOptional_PackagedLibrary_SetsTheWeakFlagAndNothingElse()
    {
        byte[] original = NativeLibraryFile.Read();
        byte[] image = [.. original];

        ElfVersionPatch.MakeOptional(image, Version).Should().BeTrue();

        Differences(original, image).Should().Equal(FlagOffset);
        original[FlagOffset].Should().Be(0);
        image[FlagOffset].Should().Be(2, "VER_FLG_WEAK is 2");
    }

    [Fact]
    public void MakeOptional_PatchedLibrary_ChangesNothing()
    {
        byte[] image = NativeLibraryFile.Read();
        ElfVersionPatch.MakeOptional(image, Version);
        byte[] once = [.. image];

        ElfVersionPatch.MakeOptional(image, Version).Should().BeFalse();

        Differences(once, image).Should().BeEmpty();
    }

    [Fact]
    public void MakeOptional_TruncatedLibrary_IsRefusedUnchanged()
    {
        byte[] original = NativeLibraryFile.Read();
        int[] lengths = [0, 1, 3, 4, 15, 16, 63, 64, 65, 176, 4096, FlagOffset, FlagOffset + 1, original.Length / 2, original.Length - 64, original.Length - 1];
        foreach (int length in lengths)
            ShouldRefuse(original[..length], $"only {length} bytes are left");
    }

    [Theory]
    [InlineData(0, 0x00, "*not an ELF*")]
    [InlineData(4, 1, "*64-bit*")]
    [InlineData(5, 2, "*little-endian*")]
    [InlineData(16, 2, "*shared libraries*")]
    [InlineData(18, 183, "*x86-64*")]
    [InlineData(58, 40, "*section table*")]
    [InlineData(60, 0xff, "*section table*")]
    [InlineData(47, 0x7f, "*section table*")]
    public void MakeOptional_ForeignHeader_IsRefusedUnchanged(int offset, byte value, string message)
    {
        byte[] image = NativeLibraryFile.Read();
        image[offset] = value;
        ShouldRefuse(image, $"byte {offset} is {value}").WithMessage(message);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.99", "*does not ask*")]
    [InlineData("GLIBCXX_3.4.3", "*does not ask*")]
    [InlineData("", "*does not ask*")]
    [InlineData("GLIBCXX_3.4.21", "*uses symbols*")]
    [InlineData("GLIBC_2.14", "*uses symbols*")]
    public void MakeOptional_OtherVersion_IsRefusedUnchanged(string version, string message)
    {
        byte[] image = NativeLibraryFile.Read();
        ShouldRefuse(image, version, version).WithMessage(message);
    }

    [Fact]
    public void MakeOptional_Garbage_IsRefusedUnchanged()
    {
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] image = new byte[random.Next(0, 5000)];
            random.NextBytes(image);
            if (i % 2 == 0)
                "\u007fELF\u0002\u0001\u0001"u8[..Math.Min(7, image.Length)].CopyTo(image);
            ShouldRefuse(image, "it is noise");
        }
    }

    [Fact]
    public void MakeOptional_DamagedTables_IsRefusedUnchangedOrSetsOneFlag()
    {
        byte[] original = NativeLibraryFile.Read();
        int sections = (int)BitConverter.ToUInt64(original, 40);
        (int Start, int Size)[] regions = [(0, 64), (sections, original.Length - sections), (0x3f8f0, 0x210)];
        var random = new Random(2);
        for (int i = 0; i < 600; i++)
        {
            byte[] image = [.. original];
            (int start, int size) = regions[i % regions.Length];
            image[start + random.Next(size)] = (byte)random.Next(256);
            byte[] damaged = [.. image];
            bool refused = false;
            try
            {
                ElfVersionPatch.MakeOptional(image, Version);
            }
            catch (ElfPatchException)
            {
                refused = true;
            }

            Differences(damaged, image).Should().HaveCountLessThanOrEqualTo(refused ? 0 : 1);
        }
    }

    private static FluentAssertions.Specialized.ExceptionAssertions<ElfPatchException> ShouldRefuse(
        byte[] image, string because, string version = Version)
    {
        byte[] before = [.. image];
        Action patch = () => ElfVersionPatch.MakeOptional(image, version);
        FluentAssertions.Specialized.ExceptionAssertions<ElfPatchException> refusal = patch.Should().Throw<ElfPatchException>(because);
        Differences(before, image).Should().BeEmpty(because);
        return refusal;
    }

    private static List<int> Differences(byte[] left, byte[] right)
    {
        left.Length.Should().Be(right.Length);
        var offsets = new List<int>();
        for (int at = left.AsSpan().CommonPrefixLength(right); at < left.Length;)
        {
            offsets.Add(at++);
            at += left.AsSpan(at).CommonPrefixLength(right.AsSpan(at));
        }

        return offsets;
    }
}
