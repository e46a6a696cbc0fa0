using Inr.Parameterizations;

namespace Inr.Evaluation;

/// <summary>The families of target functions that are compared by name. A new one is one row.</summary>
public static class TargetCatalog
{
    // What the SIREN paper uses for sound.
    private const double AudioOmega = 3_000;

    private const int FewestSirenLayers = 2;

    private const int LargestCells = 64;

    // A stored number of a comparison has 32 bits.
    private const int BytesPerFloat = 4;

    private const TargetChoices Gradient = TargetChoices.Steps | TargetChoices.LearningRate | TargetChoices.Batch | TargetChoices.SolvesLinear;
    private const TargetChoices Network = Gradient | TargetChoices.Width | TargetChoices.Depth;

    /// <summary>All of them; a demo shows its share in this order.</summary>
    public static IReadOnlyList<TargetEntry> All { get; } =
    [
        new("siren", "perceptron with sine activations", UseSiren) { Budget = new WidthBudget(), Choices = Network | TargetChoices.Omega, FewestLayers = FewestSirenLayers },
        new("fourier-mlp", "ReLU perceptron on random Fourier features", UseFourierFeatureMlp) { Budget = new WidthBudget(), Choices = Network },
        new("relu-mlp", "ReLU perceptron on a positional encoding", UseReluMlp) { Budget = new WidthBudget(), Choices = Network },
        new("piecewise-fourier", "cosines on pieces that the fit chooses", UsePiecewiseFourier) { Budget = new OwnBudget(), IsIterative = false },
        new(CompressedFourierTarget.Kind, "coded cosines, counted in bits", UseCompressedFourier) { Budget = new OwnBudget(), Choices = TargetChoices.Rate, IsIterative = false, InDemo = false },
        new("cell-fourier", "cosines on a fixed grid of cells with cuts, for meta-learners", UseCellFourier) { Budget = new WidthBudget(LargestCells), Choices = Gradient | TargetChoices.Width, InDemo = false },
        new("block-cosine", "cosines on fixed blocks", (b, s) => b.UseBlockCosine(o => o with { FloatBudget = BudgetOr(o.FloatBudget, s) })) { Budget = new OwnBudget(), IsIterative = false, IsNullModel = true },
        new("global-cosine", "one cosine expansion", (b, s) => b.UseGlobalCosine(o => o with { FloatBudget = BudgetOr(o.FloatBudget, s) })) { Budget = new OwnBudget(), IsIterative = false, IsNullModel = true },
    ];

    /// <summary>The names, separated by commas.</summary>
    public static string Names => string.Join(", ", All.Select(entry => entry.Name));

    /// <summary>The family of a name.</summary>
    /// <exception cref="InrException">There is none; the message lists the known ones.</exception>
    public static TargetEntry Find(string name) =>
        All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InrException($"There is no target function '{name}'; known are {Names}.");

    private static void UseSiren(InrBuilder builder, TargetSettings settings) => builder.UseSiren(o => o with
    {
        Width = settings.Width ?? o.Width,
        HiddenLayers = settings.Depth is { } depth ? depth - FewestSirenLayers : o.HiddenLayers,
        FirstOmega = settings.Omega ?? (builder.InputDimension == 1 ? AudioOmega : o.FirstOmega),
    });

    private static void UsePiecewiseFourier(InrBuilder builder, TargetSettings settings) => builder.UsePiecewiseFourier(o => o with
    {
        FloatBudget = BudgetOr(o.FloatBudget, settings),
        Threads = settings.Threads ?? o.Threads,
        Denoise = settings.IsNoisy,
        SampleGrid = settings.SampleGrid,
    });

    // Its own goals come first; a budget of floats is one of bytes.
    private static void UseCompressedFourier(InrBuilder builder, TargetSettings settings)
    {
        bool hasGoal = settings.Quality is not null || settings.BitsPerSample is not null || settings.Psnr is not null;
        builder.UseCompressedFourier(o => o with
        {
            Quality = settings.Quality ?? o.Quality,
            BitsPerSample = settings.BitsPerSample,
            FileBytes = settings.FileBytes ?? (hasGoal || settings.Floats is not { } floats ? null : Math.Min(floats, long.MaxValue / BytesPerFloat) * BytesPerFloat),
            Psnr = settings.Psnr,
            Threads = settings.Threads ?? o.Threads,
        });
    }

    // The width of a grid of cells is its number of cells along an axis.
    private static void UseCellFourier(InrBuilder builder, TargetSettings settings) => builder.UseCellFourier(o => o with { Cells = settings.Width ?? o.Cells });

    private static int BudgetOr(int usual, TargetSettings settings) => settings.Floats is { } floats ? (int)Math.Min(floats, int.MaxValue) : usual;

    private static void UseReluMlp(InrBuilder builder, TargetSettings settings) => builder.UseReluMlp(o => o with
    {
        Width = settings.Width ?? o.Width,
        Depth = settings.Depth ?? o.Depth,
    });

    // As many frequencies as the layers are wide, as in the paper: a small budget is not spent on frequencies alone.
    private static void UseFourierFeatureMlp(InrBuilder builder, TargetSettings settings) => builder.UseFourierFeatureMlp(o => o with
    {
        Width = settings.Width ?? o.Width,
        Frequencies = settings.Width ?? o.Width,
        Depth = settings.Depth ?? o.Depth,
    });
}
