using System.Collections;

namespace Inr;

/// <summary>θ as it is kept: a <see cref="TensorStorage"/> for every tensor of a layout.</summary>
/// <remarks>It owns its storages, is immutable, and decodes to the <see cref="ParameterSet"/> that evaluation uses.</remarks>
public sealed class StoredParameters : IReadOnlyList<TensorStorage>, IDisposable
{
    private readonly TensorStorage[] _tensors;

    /// <summary>Creates a set that takes ownership of its storages.</summary>
    /// <param name="layout">Names and shapes.</param>
    /// <param name="tensors">One storage per entry of the layout, in its order; all decode to one type.</param>
    /// <exception cref="ArgumentException">The count, a shape or a type does not fit; the message names the tensor.</exception>
    public StoredParameters(ParameterLayout layout, IReadOnlyList<TensorStorage> tensors)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count != layout.Count)
            throw new ArgumentException($"The layout has {layout.Count} parameters but {tensors.Count} storages were given.", nameof(tensors));
        Layout = layout;
        _tensors = [.. tensors];
        Code = Together(_tensors);
        for (int i = 0; i < _tensors.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(_tensors[i], nameof(tensors));
            if (!_tensors[i].Shape.SequenceEqual(layout[i].Shape))
                throw new ArgumentException($"The storage of '{layout[i].Name}' decodes to {Shapes.List(_tensors[i].Shape)}; the layout says {Shapes.List(layout[i].Shape)}.", nameof(tensors));
            if (_tensors[i].ScalarType != _tensors[0].ScalarType)
                throw new ArgumentException($"The storage of '{layout[i].Name}' decodes to {_tensors[i].ScalarType} and that of '{layout[0].Name}' to {_tensors[0].ScalarType}; all must decode to one type.", nameof(tensors));
        }
    }

    /// <summary>Names and shapes.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The number of tensors.</summary>
    public int Count => _tensors.Length;

    /// <summary>The type that the tensors decode to.</summary>
    public ScalarType ScalarType => _tensors.Length == 0 ? ScalarType.Float32 : _tensors[0].ScalarType;

    /// <summary>The count of stored numbers, as <see cref="TensorStorage"/> counts them.</summary>
    public long NumbersStored => _tensors.Sum(t => t.NumbersStored);

    /// <summary>The count of stored bits, as <see cref="TensorStorage"/> counts them.</summary>
    public long BitsStored => _tensors.Sum(t => t.BitsStored);

    /// <summary>The storage at a position of the layout; the set keeps it.</summary>
    public TensorStorage this[int index] => _tensors[index];

    /// <summary>The storage of a name; the set keeps it.</summary>
    public TensorStorage this[string name] => _tensors[Layout.IndexOf(name)];

    /// <summary>The stream of codes that all tensors together are; null where they are kept in another way.</summary>
    internal CodedGroup? Code { get; }

    /// <summary>Every tensor as plain numbers, which share the memory of the parameters.</summary>
    /// <param name="parameters">θ without a batch axis; the caller keeps it.</param>
    /// <exception cref="ArgumentException">θ has a batch axis.</exception>
    public static StoredParameters Dense(ParameterSet parameters) => Of(parameters, static (_, t) => TensorStorage.Dense(t));

    /// <summary>Every tensor in the storage of the caller's choice.</summary>
    /// <param name="parameters">θ without a batch axis; the caller keeps it.</param>
    /// <param name="store">The storage of a tensor. The whole numbers of a <see cref="ParameterRole.Structure"/> need one without loss.</param>
    /// <exception cref="ArgumentException">θ has a batch axis, or a storage does not fit its tensor.</exception>
    public static StoredParameters Of(ParameterSet parameters, Func<ParameterSpec, Tensor, TensorStorage> store)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(store);
        if (parameters.BatchSize is not null)
            throw new ArgumentException($"The parameters of one function are stored at a time; these have a batch of {parameters.BatchSize}. Use Select.", nameof(parameters));
        var tensors = new List<TensorStorage>();
        try
        {
            foreach (var (spec, tensor) in parameters.Layout.Zip(parameters.Tensors))
                tensors.Add(store(spec, tensor) ?? throw new ArgumentException($"The storage of '{spec.Name}' is null.", nameof(store)));
            return new StoredParameters(parameters.Layout, tensors);
        }
        catch
        {
            tensors.ForEach(t => t.Dispose());
            throw;
        }
    }

    /// <summary>θ.</summary>
    /// <param name="device">Where it lives; where the storage has it, by default, which is the CPU as a rule.</param>
    /// <returns>A set without a batch axis; the caller owns it. Tensors that are kept as plain numbers share their memory.</returns>
    public ParameterSet Decode(Device? device = null)
    {
        using var scope = NewDisposeScope();
        return new ParameterSet(Layout, [.. _tensors.Select(t => t.Decode(device))]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IEnumerator<TensorStorage> GetEnumerator() => ((IEnumerable<TensorStorage>)_tensors).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in _tensors)
            t.Dispose();
    }

    // A part of a stream that is not here as a whole becomes a stream of its own.
    private static CodedGroup? Together(TensorStorage[] tensors)
    {
        var group = (tensors.FirstOrDefault() as CodedStorage)?.Group;
        if (group is not null && group.Tensors.Count == tensors.Length && tensors.Select((t, i) => t is CodedStorage c && c.Group == group && c.Index == i).All(isNext => isNext))
            return group;
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is CodedStorage part)
                tensors[i] = part.Alone();
        }

        return null;
    }
}
