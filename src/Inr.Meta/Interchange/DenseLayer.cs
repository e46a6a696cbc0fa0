namespace Inr.Meta;

/// <summary>A dense layer in a state dict.</summary>
/// <param name="WeightName">The name of its weight [out,in].</param>
/// <param name="BiasName">The name of its bias [out]; null where it has none.</param>
/// <param name="Inputs">The numbers it takes.</param>
/// <param name="Outputs">The numbers it gives.</param>
internal sealed record DenseLayer(string WeightName, string? BiasName, long Inputs, long Outputs);
