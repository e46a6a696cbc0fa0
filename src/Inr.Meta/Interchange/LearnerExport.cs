using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr;

/// <summary>Hands the weights of a meta-learner to NumPy.</summary>
public static class LearnerExport
{
    /// <summary>Writes the weights by their names, and in <see cref="ParameterExport.MetadataName"/> the kinds and options of learner and target function.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="path">An <c>.npz</c> file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void SaveNpz(this IMetaLearner learner, string path)
    {
        ArgumentNullException.ThrowIfNull(learner);
        var description = learner.Description;
        ParameterExport.SaveNpz(path, learner.Weights.Select(w => KeyValuePair.Create(w.Name, w.Tensor)), new JsonObject
        {
            ["learner"] = description.Kind,
            ["learnerOptions"] = description.Options.DeepClone(),
            ["target"] = description.Target.Kind,
            ["options"] = description.Target.Options.DeepClone(),
        });
    }
}
