namespace Inr.Studies.Matrix;

/// <summary>How a learner was trained.</summary>
/// <param name="Minutes">Minutes in all, those on whole signals included.</param>
/// <param name="Steps">Outer steps in all.</param>
/// <param name="Remark">What went wrong; empty where nothing did.</param>
internal sealed record LearnerNote(double Minutes, int Steps, string Remark);
