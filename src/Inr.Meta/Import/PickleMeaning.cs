namespace Inr.Meta;

/// <summary>What a name in a checkpoint stands for here.</summary>
internal enum PickleMeaning
{
    /// <summary>Makes a dictionary.</summary>
    Dictionary,

    /// <summary>Makes a tensor of a storage, offset, shape and strides.</summary>
    Tensor,

    /// <summary>Hands on the tensor that it wraps, such as a parameter of a module.</summary>
    Wrapper,

    /// <summary>Makes a tensor by another function, for a subclass of tensors.</summary>
    TensorOfType,

    /// <summary>A type of storage.</summary>
    Storage,

    /// <summary>A tuple of sizes.</summary>
    Size,

    /// <summary>Something that a trainer saves beside weights. What it makes is not read, and stands as <see cref="PickledOpaque"/>.</summary>
    Bystander,
}
