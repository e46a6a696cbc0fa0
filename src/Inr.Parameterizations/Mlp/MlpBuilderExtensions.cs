using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses a perceptron as target function.</summary>
public static class MlpBuilderExtensions
{
    /// <summary>Uses a <see cref="Siren"/>: a perceptron with sine activations.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Gives the changed shape, as <c>o => o with { Width = 128 }</c>; 256 × 3 by default.</param>
    public static InrBuilder UseSiren(this InrBuilder builder, Func<SirenOptions, SirenOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new SirenOptionsValidator(), () => new SirenOptions { OutputOffset = builder.SuggestedOutputOffset });
        return builder.UseTarget(b => new Siren(b.InputDimension, b.OutputDimension, options));
    }

    /// <summary>Uses a <see cref="ReluMlp"/>: ReLU layers on a positional encoding.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Gives the changed shape, as <c>o => o with { Width = 128 }</c>; 5 layers of 256 by default.</param>
    public static InrBuilder UseReluMlp(this InrBuilder builder, Func<ReluMlpOptions, ReluMlpOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new ReluMlpOptionsValidator(), () => new ReluMlpOptions { OutputOffset = builder.SuggestedOutputOffset });
        return builder.UseTarget(b => new ReluMlp(b.InputDimension, b.OutputDimension, options));
    }

    /// <summary>Uses a <see cref="FourierFeatureMlp"/>: ReLU layers on Gaussian random Fourier features.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Gives the changed shape, as <c>o => o with { Width = 128 }</c>; 4 layers of 256 on 256 frequencies by default.</param>
    public static InrBuilder UseFourierFeatureMlp(this InrBuilder builder, Func<FourierFeatureMlpOptions, FourierFeatureMlpOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new FourierFeatureMlpOptionsValidator(), () => new FourierFeatureMlpOptions { OutputOffset = builder.SuggestedOutputOffset });
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
