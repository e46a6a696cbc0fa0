namespace Inr.Benchmarks.Engine;

/// <summary>What a row of the engine's table measures.</summary>
internal enum EngineWorkKind
{
    /// <summary>A step of Adam on the mean squared error.</summary>
    Step,

    /// <summary>The values on the whole grid.</summary>
    Render,

    /// <summary>The values of several functions, each with its own θ.</summary>
    Functions,
}
