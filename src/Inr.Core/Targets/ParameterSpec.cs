namespace Inr;

/// <summary>One named tensor of a <see cref="ParameterLayout"/>.</summary>
public sealed class ParameterSpec
{
    private readonly long[] _shape;

    /// <summary>Creates the description of a tensor.</summary>
    /// <param name="name">A name unique in its layout, such as <c>0.weight</c>.</param>
    /// <param name="shape">The shape without any batch axis.</param>
    /// <param name="role">What the tensor does.</param>
    /// <param name="isTrainable">Whether gradient methods change it; frequencies drawn once and structure codes are not.</param>
    public ParameterSpec(string name, IReadOnlyList<long> shape, ParameterRole role, bool isTrainable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Any(n => n < 0))
            throw new ArgumentException($"Parameter '{name}' has a negative size in its shape {Shapes.List(shape)}.", nameof(shape));
        Name = name;
        _shape = [.. shape];
        Role = role;
        IsTrainable = isTrainable;
    }

    /// <summary>The name, unique in its layout.</summary>
    public string Name { get; }

    /// <summary>The shape without any batch axis.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>What the tensor does.</summary>
    public ParameterRole Role { get; }

    /// <summary>Whether gradient methods change the tensor.</summary>
    public bool IsTrainable { get; }

    /// <summary>The number of stored numbers.</summary>
    public long Count => _shape.Aggregate(1L, (product, n) => checked(product * n));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shapes.List(_shape)} ({Role})";
}
