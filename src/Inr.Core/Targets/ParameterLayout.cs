using System.Collections;

namespace Inr;

/// <summary>The named tensors that make up θ of a target function: an immutable, ordered list.</summary>
/// <remarks>
/// Example: a SIREN 2-32-3 has <c>0.weight [32,2]</c>, <c>0.bias [32]</c>, <c>1.weight [3,32]</c>, <c>1.bias [3]</c>;
/// <see cref="FloatCount"/> is 64 + 32 + 96 + 3 = 195. The order is that of the flat vector that
/// <see cref="ParameterSet.Flatten"/> makes.
/// </remarks>
public sealed class ParameterLayout : IReadOnlyList<ParameterSpec>
{
    private readonly ParameterSpec[] _specs;
    private readonly Dictionary<string, int> _index;

    /// <summary>Creates a layout.</summary>
    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    public ParameterLayout(IEnumerable<ParameterSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        _specs = [.. specs];
        _index = new Dictionary<string, int>(_specs.Length, StringComparer.Ordinal);
        for (int i = 0; i < _specs.Length; i++)
        {
            if (!_index.TryAdd(_specs[i].Name, i))
                throw new ArgumentException($"Two parameters are named '{_specs[i].Name}'.", nameof(specs));
        }
    }

    /// <summary>The number of tensors.</summary>
    public int Count => _specs.Length;

    /// <summary>The count of stored numbers of one θ, with nothing left out.</summary>
    public long FloatCount => _specs.Sum(s => s.Count);

    /// <summary>The tensor at a position.</summary>
    public ParameterSpec this[int index] => _specs[index];

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public ParameterSpec this[string name] => _specs[IndexOf(name)];

    /// <summary>The position of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public int IndexOf(string name) => _index.TryGetValue(name, out int i)
        ? i
        : throw new ArgumentException($"There is no parameter '{name}'; there are {string.Join(", ", _specs.Select(s => s.Name))}.", nameof(name));

    /// <summary>Whether a name exists.</summary>
    public bool Contains(string name) => _index.ContainsKey(name);

    /// <summary>Whether another layout has the same names and shapes in the same order.</summary>
    public bool IsCompatibleWith(ParameterLayout other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(this, other) || (Count == other.Count && _specs.Zip(other._specs).All(p =>
            p.First.Name == p.Second.Name && p.First.Shape.SequenceEqual(p.Second.Shape)));
    }

    /// <inheritdoc/>
    public IEnumerator<ParameterSpec> GetEnumerator() => ((IEnumerable<ParameterSpec>)_specs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _specs.Select(s => s.ToString()));
}
