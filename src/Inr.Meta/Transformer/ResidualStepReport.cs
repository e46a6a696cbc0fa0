using System.Globalization;
using System.Text;
using Inr.Losses;

namespace Inr.Meta;

/// <summary>How far each block of the encoder moves the weight tokens, and how good θ is when decoded after it.</summary>
/// <remarks>
/// Residual blocks can be read as the steps of a learned optimizer whose number is the depth; this measures whether a
/// trained one works like that: whether updates shrink, and whether PSNR rises from block to block.
/// </remarks>
public sealed class ResidualStepReport
{
    private ResidualStepReport(IReadOnlyList<ResidualStep> steps) => Steps = steps;

    /// <summary>The state before the first block, then one entry per block.</summary>
    public IReadOnlyList<ResidualStep> Steps { get; }

    /// <summary>Measures a batch of signals.</summary>
    /// <param name="learner">The learner whose blocks are looked at.</param>
    /// <param name="signals">The signals; the caller keeps them.</param>
    public static ResidualStepReport Measure(TransformerMetaLearner learner, SignalBatch signals)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(signals);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var stages = learner.WeightTokenStages(signals).ToArray();
        var steps = new List<ResidualStep> { new(-1, 0, 0, 0, Length(stages[0]), Psnr(learner, stages[0], signals)) };
        for (int i = 1; i < stages.Length; i += 2)
        {
            steps.Add(new ResidualStep(
                i / 2,
                Length(stages[i] - stages[i - 1]),
                Length(stages[i + 1] - stages[i]),
                Length(stages[i + 1] - stages[i - 1]),
                Length(stages[i + 1]),
                Psnr(learner, stages[i + 1], signals)));
        }

        return new ResidualStepReport(steps);
    }

    /// <summary>The report as a Markdown table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("| after block | attention |Δ| | feed-forward |Δ| | block |Δ| | token length | PSNR, dB |\n");
        text.Replace("|Δ|", "\\|Δ\\|").Append("|---|---|---|---|---|---|\n");
        foreach (var s in Steps)
            text.Append(CultureInfo.InvariantCulture, $"| {(s.Block < 0 ? "none" : s.Block)} | {s.AttentionNorm:0.000} | {s.FeedForwardNorm:0.000} | {s.UpdateNorm:0.000} | {s.TokenNorm:0.000} | {s.Psnr:0.00} |\n");
        return text.ToString();
    }

    private static double Length(Tensor tokens) => tokens.norm(-1, false, 2).mean().item<float>();

    private static double Psnr(TransformerMetaLearner learner, Tensor tokens, SignalBatch signals)
    {
        using var theta = learner.Decode(tokens, signals);
        using var errors = learner.Finished.ValueOf(theta, LossSamples.Of(signals));
        return (errors.log10() * -10).mean().item<double>();
    }
}
