using System.Globalization;

namespace Inr.Meta;

/// <summary>The side of a <see cref="GradientMetaLearner"/> that <see cref="MetaTrainer"/> sees.</summary>
internal sealed class GradientObjective : IMetaObjective
{
    private readonly InnerLoop _loop;
    private readonly Unroll _unroll;
    private readonly StepSizes _sizes;
    private readonly GradientMetaOptions _options;
    private readonly Action<MetaBatch> _require;

    /// <param name="loop">The inner loop.</param>
    /// <param name="sizes">Its step sizes.</param>
    /// <param name="options">The member of the family.</param>
    /// <param name="weights">All weights.</param>
    /// <param name="configuration">What identifies the learner in a checkpoint.</param>
    /// <param name="require">Throws where a batch does not fit the target.</param>
    public GradientObjective(InnerLoop loop, StepSizes sizes, GradientMetaOptions options, IReadOnlyList<MetaWeight> weights, string configuration, Action<MetaBatch> require)
    {
        _loop = loop;
        _sizes = sizes;
        _options = options;
        _require = require;
        Weights = weights;
        Configuration = configuration;
        _unroll = new Unroll(loop, options, weights.Where(w => w.IsTrained).Select(w => w.Tensor), sizes.IsLearned);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MetaWeight> Weights { get; }

    /// <inheritdoc/>
    public double SuggestedLearningRate => _options.OuterLearningRate;

    /// <inheritdoc/>
    public string Configuration { get; }

    /// <inheritdoc/>
    public MetaGradient Differentiate(MetaBatch batch, Generator generator)
    {
        _require(batch);
        return _unroll.Differentiate(batch, SeedOf(generator));
    }

    /// <inheritdoc/>
    public Tensor Judge(MetaBatch batch)
    {
        _require(batch);
        using var scope = NewDisposeScope();
        var (parameters, losses) = new Adaptation(_loop, AdaptationSeed(_options)).RunInPieces(batch.Context, _options.InnerSteps, _options.SamplesPerPiece);
        return (ReferenceEquals(batch.Context, batch.Query) ? losses : _loop.ErrorsInPieces(parameters, batch.Query)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string Diagnose(MetaBatch batch, int task)
    {
        using var scope = NewDisposeScope();
        var start = _loop.Start(batch.Count);
        var state = new InnerState(start.Adapted.detach(), start.Rule);
        var seen = new List<string>();
        for (int k = 0; k < _options.InnerSteps; k++)
        {
            (state, var losses) = _loop.Step(state, batch.Context, k, StepGraph.None, _options.Seed);
            double loss = losses[task].to(float64).item<double>();
            seen.Add(loss.ToString("g3", CultureInfo.InvariantCulture));
            if (!double.IsFinite(loss))
                return $"Its inner loop was lost at inner step {k + 1} of {_options.InnerSteps}; the losses on the way were {string.Join(", ", seen)}.";
        }

        return seen.Count == 0 ? "" : $"Its inner losses were {string.Join(", ", seen)}, and the loss after the last step is not finite.";
    }

    /// <inheritdoc/>
    public void Project() => _sizes.Clamp();

    /// <summary>The seed of the samples that adaptation draws; null where it uses all of them.</summary>
    public static long? AdaptationSeed(GradientMetaOptions options) => options.SelectInAdaptation ? options.Seed : null;

    private static long SeedOf(Generator generator)
    {
        using var scope = NewDisposeScope();
        return randint(0, long.MaxValue, [1], dtype: int64, device: CPU, generator: generator).item<long>();
    }
}
