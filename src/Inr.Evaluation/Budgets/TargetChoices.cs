namespace Inr.Evaluation;

/// <summary>The choices of <see cref="TargetSettings"/> that mean something to a family of target functions, beside the budget.</summary>
[Flags]
public enum TargetChoices
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="TargetSettings.Steps"/>.</summary>
    Steps = 1,

    /// <summary><see cref="TargetSettings.LearningRate"/>.</summary>
    LearningRate = 2,

    /// <summary><see cref="TargetSettings.Batch"/>.</summary>
    Batch = 4,

    /// <summary><see cref="TargetSettings.SolvesLinear"/>.</summary>
    SolvesLinear = 8,

    /// <summary><see cref="TargetSettings.Width"/>.</summary>
    Width = 16,

    /// <summary><see cref="TargetSettings.Depth"/>.</summary>
    Depth = 32,

    /// <summary><see cref="TargetSettings.Omega"/>.</summary>
    Omega = 64,

    /// <summary><see cref="TargetSettings.Quality"/>, <see cref="TargetSettings.BitsPerSample"/>, <see cref="TargetSettings.FileBytes"/> and <see cref="TargetSettings.Psnr"/>.</summary>
    Rate = 128,
}
