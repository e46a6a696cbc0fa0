namespace Inr.Meta;

/// <summary>What <see cref="MetaTrainer"/> needs from a meta-learner: its weights, and how good and how improvable they are on a batch.</summary>
public interface IMetaObjective
{
    /// <summary>The weights; all of one floating-point type and on one device. The trainer changes them in place between calls.</summary>
    IReadOnlyList<MetaWeight> Weights { get; }

    /// <summary>The learning rate of Adam to start from when nobody chose one.</summary>
    double SuggestedLearningRate { get; }

    /// <summary>Everything that shapes the training apart from its options, as text: a checkpoint of another configuration is refused.</summary>
    string Configuration { get; }

    /// <summary>Called before each outer step, for objectives that change over the training.</summary>
    /// <param name="step">The step, from 0; a resumed run goes on counting.</param>
    void Begin(int step)
    {
        // Most objectives stay the same.
    }

    /// <summary>The loss and its gradient.</summary>
    /// <param name="batch">The signals of one outer step, on the device of the weights.</param>
    /// <param name="generator">The random stream of this step, on the CPU.</param>
    MetaGradient Differentiate(MetaBatch batch, Generator generator);

    /// <summary>The mean squared error of each signal's query after adapting to its context, without gradients.</summary>
    /// <returns>Shape [B].</returns>
    Tensor Judge(MetaBatch batch);

    /// <summary>Says where a signal's loss was lost, such as the inner step; called once, for the message of a divergence.</summary>
    /// <param name="batch">The batch that diverged.</param>
    /// <param name="task">The index of the signal in it.</param>
    /// <returns>A sentence, or an empty string.</returns>
    string Diagnose(MetaBatch batch, int task) => "";

    /// <summary>Called after each outer step, to put the weights back where they are allowed to be, such as step sizes above 0.</summary>
    void Project()
    {
        // Most learners allow any weights.
    }
}
