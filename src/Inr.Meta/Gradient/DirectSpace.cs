namespace Inr.Meta;

/// <summary>Parameters of the target adapt directly, from a learned initialisation.</summary>
internal sealed class DirectSpace : AdaptationSpace
{
    private readonly FlatPart _part;
    private readonly Tensor _initial;

    private DirectSpace(ParameterSet initial, IReadOnlyList<int> adapted, IEnumerable<int> shared, IEnumerable<int> frozen)
        : base(initial, shared, frozen)
    {
        _part = new FlatPart(initial.Layout, adapted);
        using var scope = NewDisposeScope();
        _initial = Learn("initial", _part.Gather(initial));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<long> TensorSizes => _part.Sizes;

    /// <summary>Creates the space that the options describe.</summary>
    /// <param name="initial">θ to start from.</param>
    /// <param name="options">What adapts.</param>
    /// <param name="solved">The parameters that a closed form finds; they do not adapt.</param>
    /// <exception cref="ArgumentException">The target lacks the parameters that the options name.</exception>
    public static DirectSpace Create(ParameterSet initial, GradientMetaOptions options, IReadOnlyList<string> solved)
    {
        var layout = initial.Layout;
        bool IsSolved(int i) => solved.Contains(layout[i].Name);
        int[] adapted = [.. Adapted(layout, options).Where(i => !IsSolved(i)).Order()];
        if (adapted.Length == 0)
            throw new ArgumentException($"No parameter is left to adapt; the target has {layout}{(solved.Count > 0 ? $", of which {string.Join(", ", solved)} are solved in closed form" : "")}.", nameof(options));
        var others = Enumerable.Range(0, layout.Count).Except(adapted).ToArray();
        return new DirectSpace(initial, adapted,
            others.Where(i => layout[i].IsTrainable && !IsSolved(i)),
            others.Where(i => !layout[i].IsTrainable || IsSolved(i)));
    }

    /// <inheritdoc/>
    public override Tensor Start(long batch) => Rows(_initial, batch);

    /// <inheritdoc/>
    public override ParameterSet Assemble(Tensor adapted, bool withGraph)
    {
        using var scope = NewDisposeScope();
        var tensors = new Tensor[Layout.Count];
        _part.Scatter(adapted, tensors);
        ScatterShared(tensors, adapted.shape[0], withGraph);
        return new ParameterSet(Layout, tensors).MoveToOuterDisposeScope();
    }

    private static IEnumerable<int> Adapted(ParameterLayout layout, GradientMetaOptions options)
    {
        switch (options.Adapt)
        {
            case AdaptedPart.LastLayers:
                var layers = LayoutLayers.Of(layout);
                if (options.LastLayers > layers.Count)
                    throw new ArgumentException($"The last {options.LastLayers} layers should adapt, but the target has {layers.Count}: {layout}.", nameof(options));
                return layers.Skip(layers.Count - options.LastLayers).SelectMany(l => l);
            case AdaptedPart.Named:
                var frozen = options.AdaptedNames.FirstOrDefault(n => !layout[n].IsTrainable);
                if (frozen is not null)
                    throw new ArgumentException($"The parameter '{frozen}' is not trainable, so it cannot adapt; trainable are {string.Join(", ", layout.Where(s => s.IsTrainable).Select(s => s.Name))}.", nameof(options));
                return options.AdaptedNames.Select(layout.IndexOf).Distinct();
            default:
                return Enumerable.Range(0, layout.Count).Where(i => layout[i].IsTrainable);
        }
    }
}
