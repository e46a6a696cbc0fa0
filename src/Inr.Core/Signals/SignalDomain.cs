using System.Text.Json.Nodes;

namespace Inr;

/// <summary>Where the samples of a signal lie: on a regular grid over [-1,1]^d, or scattered in it.</summary>
/// <remarks>
/// A grid's samples are cell centres, <c>(2i+1)/n − 1</c> on an axis of n samples, in row-major order: the last axis
/// varies fastest. An image has the axes (row, column).
/// </remarks>
public sealed class SignalDomain : IEquatable<SignalDomain>
{
    /// <summary>The largest number of axes that a domain may have.</summary>
    public const int MaxDimension = 8;

    private const string GridName = "grid";
    private const string ScatteredName = "scattered";

    private readonly int[]? _gridShape;

    private SignalDomain(int dimension, int[]? gridShape)
    {
        Dimension = dimension;
        _gridShape = gridShape;
    }

    /// <summary>The number of coordinates d of a sample.</summary>
    public int Dimension { get; }

    /// <summary>Whether the samples fill a regular grid.</summary>
    public bool IsGrid => _gridShape is not null;

    /// <summary>The number of samples on each axis; empty where the samples are scattered.</summary>
    public IReadOnlyList<int> GridShape => _gridShape ?? [];

    /// <summary>The number of samples of the grid; 0 where the samples are scattered.</summary>
    public long SampleCount => _gridShape is null ? 0 : _gridShape.Aggregate(1L, (product, n) => product * n);

    /// <summary>A regular grid.</summary>
    /// <param name="shape">Samples on each axis, each at least 1; an image is (height, width).</param>
    /// <exception cref="ArgumentException">There is no axis, there are more than <see cref="MaxDimension"/>, or one has no sample.</exception>
    public static SignalDomain Grid(params ReadOnlySpan<int> shape)
    {
        if (shape.Length is 0 or > MaxDimension)
            throw new ArgumentException($"A grid has 1 to {MaxDimension} axes, not {shape.Length}.", nameof(shape));
        foreach (int n in shape)
        {
            if (n < 1)
                throw new ArgumentException($"Every axis of a grid has at least 1 sample; the shape is {string.Join('×', shape.ToArray())}.", nameof(shape));
        }

        return new SignalDomain(shape.Length, shape.ToArray());
    }

    /// <summary>Scattered samples of <paramref name="dimension"/> coordinates each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not 1 to <see cref="MaxDimension"/>.</exception>
    public static SignalDomain Scattered(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, MaxDimension);
        return new SignalDomain(dimension, null);
    }

    /// <summary>The domain as files store it: <c>{"grid":[height,width]}</c> or <c>{"scattered":d}</c>.</summary>
    public JsonObject ToJson() => IsGrid
        ? new JsonObject { [GridName] = new JsonArray([.. GridShape.Select(n => JsonValue.Create(n))]) }
        : new JsonObject { [ScatteredName] = JsonValue.Create(Dimension) };

    /// <summary>Reads what <see cref="ToJson"/> wrote, from a file that may be hostile.</summary>
    /// <exception cref="FormatException">It is no domain, or one of more samples than can be counted; the message says what is wrong.</exception>
    public static SignalDomain FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            if (json.Count == 1 && json[GridName] is JsonArray { Count: <= MaxDimension } axes)
            {
                var domain = Grid([.. axes.Select(n => n!.GetValue<int>())]);
                _ = domain.GridShape.Aggregate(1L, (product, n) => checked(product * n));
                return domain;
            }

            if (json.Count == 1 && json[ScatteredName] is JsonValue dimension)
                return Scattered(dimension.GetValue<int>());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or OverflowException or NullReferenceException)
        {
            throw new FormatException($"its domain is invalid: {e.Message}", e);
        }

        throw new FormatException($"its domain is neither {{\"{GridName}\":[...]}} of at most {MaxDimension} axes nor {{\"{ScatteredName}\":d}}.");
    }

    /// <inheritdoc/>
    public bool Equals(SignalDomain? other) =>
        other is not null && Dimension == other.Dimension && IsGrid == other.IsGrid && GridShape.SequenceEqual(other.GridShape);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalDomain);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Dimension);
        foreach (int n in GridShape)
            hash.Add(n);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => IsGrid ? $"grid {string.Join('×', GridShape)}" : $"scattered in {Dimension}-D";
}
