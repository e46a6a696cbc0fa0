namespace Inr;

/// <summary>A target function whose θ is one list of bytes that says everything: target, domain and content.</summary>
/// <remarks>
/// Where θ is kept as <see cref="TensorStorage.Bytes"/>, an <c>.inr</c> file of it is those bytes after five others. The reader is
/// made known by <see cref="TargetRegistry.RegisterCompact"/> under the same number.
/// </remarks>
public interface ICompactTarget : ITargetFunction
{
    /// <summary>The number of the form in files.</summary>
    byte CompactForm { get; }
}
