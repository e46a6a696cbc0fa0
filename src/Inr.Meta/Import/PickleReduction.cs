namespace Inr.Meta;

/// <summary>What the calls of a pickle mean here. Nothing is called: known names make known data, and everything else is refused.</summary>
internal static class PickleReduction
{
    /// <summary>Stands for any set.</summary>
    public static readonly PickledOpaque Set = new("set");

    /// <summary>Stands for any bytes.</summary>
    public static readonly PickledOpaque Bytes = new("bytes");

    /// <summary>The value of a call.</summary>
    /// <param name="function">What would be called.</param>
    /// <param name="arguments">The tuple of arguments.</param>
    /// <exception cref="FormatException">The function or its arguments are not known.</exception>
    public static object? Call(object? function, object? arguments)
    {
        if (function is not PickleGlobal global)
            throw new FormatException("its pickle calls something that is not a function.");
        return (global.Meaning, arguments) switch
        {
            (PickleMeaning.Dictionary, object?[] and []) => new PickledDictionary(),
            (PickleMeaning.Dictionary, object?[] and [List<object?> pairs]) => Dictionary(pairs),
            (PickleMeaning.Tensor, object?[] values) => Tensor(values),
            (PickleMeaning.Wrapper, object?[] and [PickledTensor tensor, ..]) => tensor,
            (PickleMeaning.TensorOfType, object?[] and [PickleGlobal { Meaning: PickleMeaning.Tensor }, PickleGlobal, object?[] values, ..]) => Tensor(values),
            (PickleMeaning.Size, object?[] and [object?[] sizes]) => sizes,
            (PickleMeaning.Bystander, object?[]) => new PickledOpaque(global.Name),
            _ => throw Unexpected(),
        };
    }

    /// <summary>The value of a class that is made without a call.</summary>
    /// <param name="type">The class.</param>
    /// <param name="opcode">The operation, for messages.</param>
    /// <exception cref="FormatException">It is no class that may stand beside weights.</exception>
    public static object Create(object? type, byte opcode) => type switch
    {
        PickleGlobal { Meaning: PickleMeaning.Bystander } global => new PickledOpaque(global.Name),
        PickleGlobal { Meaning: PickleMeaning.Dictionary } => new PickledDictionary(),
        _ => throw new FormatException($"its pickle makes an object of an unknown class (operation 0x{opcode:x2})."),
    };

    /// <summary>Requires that attributes are set only where nothing follows from them, such as the version table that PyTorch hangs on a state dict.</summary>
    /// <exception cref="FormatException">They are set on something else.</exception>
    public static void RequireState(object? value, object? state)
    {
        if (value is not (PickledOpaque or PickledTensor) && (value is not PickledDictionary || state is not (PickledDictionary or object?[])))
            throw new FormatException("its pickle sets attributes of something that is not a state dict.");
    }

    private static PickledTensor Tensor(object?[] values) => values is [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..]
        ? PickledTensor.Create(storage, offset, Sizes(shape), Sizes(strides))
        : throw Unexpected();

    // How Python 2 wrote an ordered dictionary.
    private static PickledDictionary Dictionary(List<object?> pairs)
    {
        var dictionary = new PickledDictionary();
        foreach (object? pair in pairs)
        {
            var (key, value) = pair switch
            {
                List<object?> and [var k, var v] => (k, v),
                object?[] and [var k, var v] => (k, v),
                _ => throw Unexpected(),
            };
            dictionary.Add(key, value);
        }

        return dictionary;
    }

    private static long[] Sizes(object?[] values) => values.Length <= PickledTensor.MaxRank
        ? Array.ConvertAll(values, v => v as long? ?? throw new FormatException("a tensor has a size that is not a whole number."))
        : throw new FormatException($"a tensor has {values.Length} axes; {PickledTensor.MaxRank} are allowed.");

    private static FormatException Unexpected() => new("its pickle builds a tensor or a dictionary from unexpected arguments.");
}
