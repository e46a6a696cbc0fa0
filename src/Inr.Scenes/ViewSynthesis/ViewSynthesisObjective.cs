using Inr.Losses;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>What the outer loop sees of a <see cref="ViewSynthesizer"/>: random rays of one more view of each scene, as in the official training.</summary>
internal sealed class ViewSynthesisObjective : IMetaObjective
{
    private readonly ViewSynthesizer _model;
    private readonly ViewSynthesisOptions _options;
    private readonly LossFunction _loss;
    private int _step;

    public ViewSynthesisObjective(ViewSynthesizer model, ViewSynthesisOptions options, double suggestedRate)
    {
        _model = model;
        _options = options;
        _loss = model.LossOf(new VolumeRenderer(options.Renderer));
        Weights = ((IMetaLearner)model).Weights;
        SuggestedLearningRate = suggestedRate;
    }

    public IReadOnlyList<MetaWeight> Weights { get; }

    public double SuggestedLearningRate { get; }

    public string Configuration => $"{ViewSynthesizer.Kind} {_model.Description.Options.ToJsonString()} {_model.Description.Target.Kind} {_model.Description.Target.Options.ToJsonString()}";

    public void Begin(int step) => _step = step;

    public MetaGradient Differentiate(MetaBatch batch, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int views = RequireViews(batch);
        var drawn = Enumerable.Range(0, batch.Count).Select(_ => SceneViews.Draw(_options.SupportViews + 1, views, generator)).ToArray();
        var support = SceneViews.Of(batch.Context, _model.Size, [.. drawn.Select(d => d[..^1])]);
        var (colors, rays) = SceneViews.Of(batch.Context, _model.Size, [.. drawn.Select(d => d[^1..])]).Rays();
        var index = DrawRays(colors, generator).to(colors.device).unsqueeze(-1);
        var samples = new LossSamples(rays.gather(1, index.expand(-1, -1, SceneSignal.Coordinates)), colors.gather(1, index.expand(-1, -1, 3)));
        var errors = _loss.Of(_model.Generate(support), samples, noise: generator);
        return MetaGradient.Of(errors.mean(), Weights, errors);
    }

    public Tensor Judge(MetaBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RequireViews(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // The same views each time, so that one look compares with another.
        long[] seen = [.. Enumerable.Range(0, _options.SupportViews)];
        var theta = _model.Generate(SceneViews.Of(batch.Context, _model.Size, [.. Enumerable.Repeat(seen, batch.Count)]));
        var query = SceneViews.Of(batch.Context, _model.Size, [.. Enumerable.Repeat((long[])[_options.SupportViews], batch.Count)]);
        return _loss.ValueOf(theta, query.Samples()).MoveToOuterDisposeScope();
    }

    // Uniform, or half of them on pixels that are not white; [B,R].
    private Tensor DrawRays(Tensor colors, Generator generator)
    {
        long scenes = colors.shape[0];
        var index = randint(0, colors.shape[1], [scenes, _options.RaysPerScene], dtype: int64, device: CPU, generator: generator);
        if (_step >= _options.ForegroundSteps)
            return index;
        long half = _options.RaysPerScene / 2;
        for (int scene = 0; scene < scenes; scene++)
        {
            var full = colors[scene].lt(1).any(-1).cpu().nonzero().squeeze(-1);
            if (full.shape[0] > 0)
                index[scene].narrow(0, 0, half).copy_(full.index_select(0, randint(0, full.shape[0], [half], dtype: int64, device: CPU, generator: generator)));
        }

        return index;
    }

    private int RequireViews(MetaBatch batch)
    {
        int views = SceneViews.CountIn(batch.Context, _model.Size);
        return views > _options.SupportViews
            ? views
            : throw new ArgumentException($"The scenes have {views} views; {_options.SupportViews} to look at and one more to be judged on are needed.", nameof(batch));
    }
}
