using Inr.Cli.Demo;


namespace Inr.Studies;

public static partial class TransformerStudy
{
    // The learner that the demo ships: RGB emoji over white, 64×64, without those that the demo shows. About a million
    // weights, so that the file stays below 5 MB; the solved variant, because it is good after few steps.
    private static void Emoji(StudyArguments options)
    {
        options.Default(
            ("data", Path.Combine(Shared, "data", "noto-emoji-72", "72")),
            ("variant", "solved"),
            ("target-depth", "3"),
            ("target-width", "40"),
            ("target-features", "900"),
            ("ridge", "3e-5"),
            ("batch", "4"),
            ("steps", "700"),
            ("schedule", "cosine"),
            ("dimension", "128"),
            ("heads", "4"),
            ("feed", "512"),
            ("groups", "16"),
            ("rate", "1e-3"),
            ("clip", "1"),
            ("warmup", "100"),
            ("average", "0.995"),
            ("evaluate", "250"),
            ("report", "50"),
            ("save", "100"),
            ("checkpoint", Path.Combine("artifacts", "emoji.checkpoint")));
        const int Size = DemoEmoji.Size;
        var pictures = StudyImages.Open(options.Text("data", ""), Size);
        var heldOut = new NamedSubset(pictures, name => DemoEmoji.Names.Contains(name));
        if (heldOut.Count != DemoEmoji.Names.Count)
            throw new ArgumentException($"The folder '{pictures.Folder}' holds {heldOut.Count} of the {DemoEmoji.Names.Count} emoji that the demo shows and training leaves out: {string.Join(", ", DemoEmoji.Names)}.");
        TrainAndJudge(options, new NamedSubset(pictures, name => !DemoEmoji.Names.Contains(name)), heldOut, Size);
    }
}
