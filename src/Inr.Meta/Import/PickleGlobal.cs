namespace Inr.Meta;

/// <summary>The only names that a checkpoint may mention. They stand for meanings known here; nothing is looked up or called.</summary>
internal enum PickleGlobal
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDict,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>.</summary>
    RebuildTensor,

    /// <summary><c>torch.FloatStorage</c>.</summary>
    FloatStorage,
}
