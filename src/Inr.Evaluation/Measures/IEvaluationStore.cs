namespace Inr.Evaluation;

/// <summary>Keeps the finished rows of one fitter under one setting.</summary>
public interface IEvaluationStore
{
    /// <summary>The row of a signal; null where it is not finished.</summary>
    /// <param name="key">What <see cref="SignalKey.Of"/> says of the signal.</param>
    EvaluationRow? Find(string key);

    /// <summary>Keeps a finished row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="representation">What the fit gave; the caller keeps it.</param>
    void Add(EvaluationRow row, ImplicitRepresentation representation);
}
