using Inr.Studies.Matrix;

namespace Inr.Studies;

/// <summary>The studies behind the numbers of the documentation: <c>NAME [arguments]</c>.</summary>
/// <remarks>
/// A study is a class <c>…Study</c> in this folder with a static <c>Run(string[] args)</c> that returns an exit code and
/// reads its own arguments. It joins with one row.
/// </remarks>
internal static class StudyTable
{
    /// <summary>How a study is run, in the root of the repository.</summary>
    public const string Command = "dotnet run -c Release --project benchmarks/Inr.Studies --";

    private static readonly (string Name, string Summary, Func<string[], int> Run)[] Studies =
    [
        ("piecewise-fourier", "piecewise Fourier against block and global cosines and SIREN: PSNR, time, memory", PiecewiseFourierStudy.Run),
        ("gradient-meta", "the MAML family: faces over training time, methods, batching, memory", GradientMetaStudy.Run),
        ("transformer", "the transformer: parity, speed, steps, faces, a scene", TransformerStudy.Run),
        ("matrix", "families × ways to get θ, on photographs, faces, icons, text and sound, whole, sparse and noisy", MatrixStudy.Run),
    ];

    /// <summary>Runs a study, or lists them where none is named.</summary>
    /// <param name="args">The name and the arguments of the study.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        if (args is [] or ["--help" or "-h" or "-?"])
        {
            Console.WriteLine($"{Command} NAME [arguments]");
            foreach (var (name, summary, _) in Studies)
                Console.WriteLine($"  {name,-24} {summary}");
            return 0;
        }

        var study = Studies.FirstOrDefault(s => s.Name == args[0]);
        if (study.Run is null)
            throw StudyException.BadUsage($"There is no study '{args[0]}'; known are {string.Join(", ", Studies.Select(s => s.Name))}.");
        return study.Run(args[1..]);
    }
}
