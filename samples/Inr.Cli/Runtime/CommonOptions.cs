using System.CommandLine;

namespace Inr.Cli.Runtime;

/// <summary>The options that every verb takes.</summary>
internal static class CommonOptions
{
    /// <summary>Where the results go for programs to read.</summary>
    public static Option<string?> Json { get; } = new("--json")
    {
        Description = "Write the results as JSON to this file.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The seed of every random choice.</summary>
    public static Option<long> Seed { get; } = new("--seed")
    {
        Description = "Seed of every random choice; the same seed with --threads 1 repeats results bit by bit.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        Recursive = true,
    };

    /// <summary>Where the work runs.</summary>
    public static Option<string> Device { get; } = CreateDevice();

    /// <summary>Threads of one tensor operation.</summary>
    public static Option<int?> Threads { get; } = new("--threads")
    {
        Description = "Threads of one tensor operation; the number of processor cores by default.",
        HelpName = "N",
        Recursive = true,
    };

    /// <summary>Adds them to the root, from where every verb inherits them.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(NumberOptions.Prepare(Seed));
        root.Options.Add(Device);
        root.Options.Add(NumberOptions.Prepare(Threads));
    }

    private static Option<string> CreateDevice()
    {
        var option = new Option<string>("--device")
        {
            Description = "Where to run: auto, cpu, cuda or cuda:N.",
            HelpName = "auto|cpu|cuda",
            DefaultValueFactory = _ => InrDevice.Auto.ToString(),
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            string? text = result.GetValueOrDefault<string>();
            if (!InrDevice.TryParse(text, out _))
                result.AddError($"--device is '{text}'; use auto, cpu, cuda or cuda:N.");
        });
        return option;
    }
}
