using Inr.Testing;
using StbImageSharp;

namespace Inr.Tests;

public sealed class SharedImageTests
{
    [SharedDataFact("data/kodak-24")]
    public void Load_Photographs_AgreeWithIndependentDecoder()
    {
        string[] paths = [.. Directory.GetFiles(Path.Combine(SharedData.Root!, "data", "kodak-24"), "*.png").Take(3)];
        paths.Should().HaveCount(3);
        foreach (string path in paths)
        {
            using var image = ImageSignal.Load(path);
            var expected = ImageResult.FromMemory(File.ReadAllBytes(path), ColorComponents.RedGreenBlue);

            (image.Width(), image.Height()).Should().Be((expected.Width, expected.Height));
            image.ToPixels8().AsSpan().SequenceEqual(expected.Data).Should().BeTrue(path);
        }
    }

    [SharedDataFact("data/celeba-89x109/test")]
    public void ImageFolder_JpegPhotographs_AllLoad()
    {
        var folder = ImageFolder.Open(Path.Combine(SharedData.Root!, "data", "celeba-89x109", "test")).Take(50);

        folder.Count.Should().Be(50);
        for (int i = 0; i < folder.Count; i++)
        {
            using var image = folder.Load(i);
            image.Domain.Should().Be(SignalDomain.Grid(109, 89));
        }
    }

    [SharedDataFact("data/audio/gt_bach.wav")]
    public void AudioSignal_Recording_HasItsRateAndLength()
    {
        string path = Path.Combine(SharedData.Root!, "data", "audio", "gt_bach.wav");

        using var sound = AudioSignal.Load(path, out int rate);

        rate.Should().Be(44_100);
        sound.Channels.Should().Be(1);
        // The file holds little beside its samples of four bytes.
        (new FileInfo(path).Length - 4 * sound.SampleCount).Should().BeInRange(44, 4096);
    }
}
