using System.Globalization;
using TorchSharp;

namespace Inr.Studies;

/// <summary>Measures the gradient-based meta-learners; every part prints Markdown.</summary>
/// <remarks><c>gradient-meta faces|methods|batching|adapt-memory|unroll-memory|leaks [--name value …]</c></remarks>
public static partial class GradientMetaStudy
{
    /// <summary>Runs one part.</summary>
    /// <param name="args">The part and its options.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        TorchRuntime.EnsureLoaded();
        var options = new StudyArguments(args);
        torch.set_num_threads(options.Int("threads", 2));
        switch (options.Part)
        {
            case "faces":
                TorchRuntime.KeepFreedMemory();
                Faces(options);
                return 0;
            case "methods":
                Methods(options);
                return 0;
            case "batching":
                Batching(options);
                return 0;
            case "adapt-memory":
                AdaptMemory(options);
                return 0;
            case "unroll-memory":
                UnrollMemory(options);
                return 0;
            case "leaks":
                Leaks(options);
                return 0;
            default:
                Console.Error.WriteLine("Name a part: faces, methods, batching, adapt-memory, unroll-memory or leaks.");
                return 2;
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
