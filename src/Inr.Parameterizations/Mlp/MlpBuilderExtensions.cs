using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses a perceptron as target function.</summary>
public static class MlpBuilderExtensions
{
    /// <summary>Uses a <see cref="Siren"/>: a perceptron with sine activations.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the shape; 256 × 3 by default.</param>
    public static InrBuilder UseSiren(this InrBuilder builder, Action<SirenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(configure, new SirenOptionsValidator(), o => o.OutputOffset = builder.SuggestedOutputOffset);
        return builder.UseTarget(b => new Siren(b.InputDimension, b.OutputDimension, options));
    }

    /// <summary>Uses a <see cref="ReluMlp"/>: ReLU layers on a positional encoding.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the shape; 5 layers of 256 by default.</param>
    public static InrBuilder UseReluMlp(this InrBuilder builder, Action<ReluMlpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(configure, new ReluMlpOptionsValidator(), o => o.OutputOffset = builder.SuggestedOutputOffset);
        return builder.UseTarget(b => new ReluMlp(b.InputDimension, b.OutputDimension, options));
    }

    /// <summary>Uses a <see cref="FourierFeatureMlp"/>: ReLU layers on Gaussian random Fourier features.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the shape; 4 layers of 256 on 256 frequencies by default.</param>
    public static InrBuilder UseFourierFeatureMlp(this InrBuilder builder, Action<FourierFeatureMlpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(configure, new FourierFeatureMlpOptionsValidator(), o => o.OutputOffset = builder.SuggestedOutputOffset);
        return builder.UseTarget(b => new FourierFeatureMlp(b.InputDimension, b.OutputDimension, options));
    }

    /// <summary>Uses a <see cref="DensePerceptron"/>: any encoding with any activations.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="describe">
    /// Changes the description of a ReLU network of four layers of 256 whose dimensions and offset are those of the builder's
    /// signals, such as <c>d => d with { Hidden = Activation.Gauss }</c>.
    /// </param>
    public static InrBuilder UsePerceptron(this InrBuilder builder, Func<PerceptronDescription, PerceptronDescription> describe)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(describe);
        return builder.UseTarget(b => new DensePerceptron(describe(new PerceptronDescription(b.InputDimension, b.OutputDimension) { OutputOffset = b.SuggestedOutputOffset })));
    }
}
