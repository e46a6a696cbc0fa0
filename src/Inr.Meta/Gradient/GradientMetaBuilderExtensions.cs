using Inr.Meta;

namespace Inr;

/// <summary>Chooses a gradient-based meta-learner for the builder's target function.</summary>
public static class GradientMetaBuilderExtensions
{
    /// <summary>Uses <see cref="GradientMethods.Maml"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="configure">Changes any axis.</param>
    public static MetaLearnerBuilder UseMaml(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.Maml(), configure);

    /// <summary>Uses <see cref="GradientMethods.FirstOrderMaml"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="configure">Changes any axis.</param>
    public static MetaLearnerBuilder UseFirstOrderMaml(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.FirstOrderMaml(), configure);

    /// <summary>Uses <see cref="GradientMethods.Anil"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="configure">Changes any axis.</param>
    public static MetaLearnerBuilder UseAnil(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.Anil(), configure);

    /// <summary>Uses <see cref="GradientMethods.MetaSgd"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="configure">Changes any axis.</param>
    public static MetaLearnerBuilder UseMetaSgd(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.MetaSgd(), configure);

    /// <summary>Uses <see cref="GradientMethods.MetaSdf"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="configure">Changes any axis.</param>
    public static MetaLearnerBuilder UseMetaSdf(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.MetaSdf(), configure);

    /// <summary>Uses <see cref="GradientMethods.Reptile"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="configure">Changes any axis.</param>
    public static MetaLearnerBuilder UseReptile(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.Reptile(), configure);

    /// <summary>Uses <see cref="GradientMethods.Functa"/>: a latent modulates a shared network.</summary>
    /// <param name="builder">The builder, with a target chosen that has dense layers.</param>
    /// <param name="configure">Changes any axis, such as the length of the latent.</param>
    public static MetaLearnerBuilder UseModulation(this InrBuilder builder, Action<GradientMetaOptions>? configure = null) =>
        builder.UseGradientMeta(GradientMethods.Functa(), configure);

    /// <summary>Uses any member of the family.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="method">The member to start from, such as <c>GradientMethods.GradNcp()</c>; copied.</param>
    /// <param name="configure">Changes any axis.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public static MetaLearnerBuilder UseGradientMeta(this InrBuilder builder, GradientMetaOptions method, Action<GradientMetaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(method);
        var options = method.Copy();
        configure?.Invoke(options);
        new GradientMetaOptionsValidator().ThrowIfInvalid(options);
        return new MetaLearnerBuilder(builder, b =>
        {
            options.Seed = b.Seed;
            return new GradientMetaLearner(b.BuildTarget(), options, device: b.Device.Resolve());
        });
    }
}
