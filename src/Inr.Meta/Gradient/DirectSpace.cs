namespace Inr.Meta;

/// <summary>Parameters of the target adapt directly, from a learned initialization.</summary>
internal sealed class DirectSpace : AdaptationSpace
{
    private readonly FlatPart _part;
    private readonly Tensor _initial;

    private DirectSpace(ParameterSet initial, FlatPart adapted, SpacePlan plan)
        : base(initial, plan)
    {
        _part = adapted;
        using var scope = NewDisposeScope();
        _initial = Learn(InitialName, _part.Gather(initial));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<long> TensorSizes => _part.Sizes;

    /// <summary>Creates the space that the options describe.</summary>
    /// <param name="initial">θ to start from.</param>
    /// <param name="options">What adapts.</param>
    /// <param name="solved">The parameters that a closed form finds; they do not adapt.</param>
    /// <exception cref="ArgumentException">The target lacks the parameters that the options name.</exception>
    public static DirectSpace Create(ParameterSet initial, GradientMetaOptions options, IReadOnlyList<string> solved) =>
        new(initial, Adapted(initial.Layout, options, solved), Plan(initial.Layout, options, solved));

    /// <summary>What the space will hold.</summary>
    /// <exception cref="ArgumentException">The target lacks the parameters that the options name.</exception>
    public static SpacePlan Plan(ParameterLayout layout, GradientMetaOptions options, IReadOnlyList<string> solved)
    {
        var adapted = Adapted(layout, options, solved);
        var others = Enumerable.Range(0, layout.Count).Except(adapted.Places).ToArray();
        bool IsShared(int i) => layout[i].IsTrainable && !solved.Contains(layout[i].Name);
        var shared = new FlatPart(layout, others.Where(IsShared));
        var frozen = new FlatPart(layout, others.Where(i => !IsShared(i)));
        return new SpacePlan(shared, frozen, adapted.Sizes, [.. Specs(shared, frozen), Spec(InitialName, adapted.Count)]);
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

    private static FlatPart Adapted(ParameterLayout layout, GradientMetaOptions options, IReadOnlyList<string> solved)
    {
        int[] adapted = [.. Chosen(layout, options).Where(i => !solved.Contains(layout[i].Name)).Order()];
        return adapted.Length > 0
            ? new FlatPart(layout, adapted)
            : throw new ArgumentException($"No parameter is left to adapt; the target has {layout}{(solved.Count > 0 ? $", of which {string.Join(", ", solved)} are solved in closed form" : "")}.", nameof(options));
    }

    private static IEnumerable<int> Chosen(ParameterLayout layout, GradientMetaOptions options)
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
