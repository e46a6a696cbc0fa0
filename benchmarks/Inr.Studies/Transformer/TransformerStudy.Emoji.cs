using Inr.Cli.Demo;


namespace Inr.Studies;

internal static partial class TransformerStudy
{
    // The learner that the demo ships: RGB emoji over white, 64×64, without those that the demo shows. About a million
    // weights, so that the file stays below 5 MB; the solved variant, because it is good after few steps.
    private static void Emoji(StudyArguments options)
    {
        const int Size = DemoEmoji.Size;
        var pictures = StudyImages.Open(options.Text("data"), Size);
        var heldOut = new NamedSubset(pictures, name => DemoEmoji.Names.Contains(name));
        if (heldOut.Count != DemoEmoji.Names.Count)
            throw new ArgumentException($"The folder '{pictures.Folder}' holds {heldOut.Count} of the {DemoEmoji.Names.Count} emoji that the demo shows and training leaves out: {string.Join(", ", DemoEmoji.Names)}.");
        TrainAndJudge(options, new NamedSubset(pictures, name => !DemoEmoji.Names.Contains(name)), heldOut, Size);
    }
}
