using System.Text.Json.Nodes;

namespace Inr;

/// <summary>Whole numbers times an exact step, in a stream of an adaptive range coder that other tensors may share.</summary>
internal sealed class CodedStorage : TensorStorage
{
    public const string KindName = "coded";

    private const string StreamPart = "stream";
    private const string RoleName = "role";

    public CodedStorage(CodedGroup group, int index)
        : base(KindName, group.Tensors[index].Shape)
    {
        Group = group;
        Index = index;
    }

    /// <summary>The tensors of the stream.</summary>
    public CodedGroup Group { get; }

    /// <summary>Which of them it is.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public override ScalarType ScalarType => ScalarType.Float32;

    /// <inheritdoc/>
    public override long NumbersStored => Count + (Tensor.Mode == CodedMode.Raw ? 0 : 2) + (Tensor.Start is null ? 0 : 2);

    /// <inheritdoc/>
    public override long BitsStored => Group.BitsOf(Index);

    private CodedTensor Tensor => Group.Tensors[Index];

    public static CodedStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        byte[] bytes = StorageShapes.Bytes(parts.Take(StreamPart), StreamPart);
        string role = parts.Options[RoleName]?.GetValue<string>() ?? throw new FormatException($"its option '{RoleName}' is missing.");
        if (!Enum.TryParse<ParameterRole>(role, out var parsed) || !Enum.IsDefined(parsed))
            throw new FormatException($"its role '{role}' does not exist.");
        return new CodedStorage(CodedGroup.Read(bytes, [(parsed, shape)]), 0);
    }

    /// <summary>The same numbers in a stream of their own.</summary>
    public CodedStorage Alone() => Group.Tensors.Count == 1 ? this : new CodedStorage(CodedGroup.Of([Tensor]), 0);

    /// <inheritdoc/>
    public override StorageParts Encode()
    {
        var alone = Alone();
        return new(new Dictionary<string, Tensor> { [StreamPart] = tensor(alone.Group.Bytes, device: CPU) }, new JsonObject { [RoleName] = Tensor.Role.ToString() });
    }

    /// <inheritdoc/>
    protected override Tensor DecodeCore() => tensor(Tensor.Numbers(), [.. Shape], device: CPU);
}
