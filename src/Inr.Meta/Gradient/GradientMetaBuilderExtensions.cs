using Inr.Meta;

namespace Inr;

/// <summary>Chooses a gradient-based meta-learner for the builder's target function.</summary>
public static class GradientMetaBuilderExtensions
{
    /// <summary>Uses <see cref="GradientMethods.Maml"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    public static MetaLearnerBuilder UseMaml(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.Maml(), change);

    /// <summary>Uses <see cref="GradientMethods.FirstOrderMaml"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    public static MetaLearnerBuilder UseFirstOrderMaml(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.FirstOrderMaml(), change);

    /// <summary>Uses <see cref="GradientMethods.Anil"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    public static MetaLearnerBuilder UseAnil(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.Anil(), change);

    /// <summary>Uses <see cref="GradientMethods.MetaSgd"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    public static MetaLearnerBuilder UseMetaSgd(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.MetaSgd(), change);

    /// <summary>Uses <see cref="GradientMethods.MetaSdf"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    public static MetaLearnerBuilder UseMetaSdf(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.MetaSdf(), change);

    /// <summary>Uses <see cref="GradientMethods.Reptile"/>.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    public static MetaLearnerBuilder UseReptile(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.Reptile(), change);

    /// <summary>Uses <see cref="GradientMethods.Functa"/>: a latent modulates a shared network.</summary>
    /// <param name="builder">The builder, with a target chosen that has dense layers.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>, such as the length of the latent.</param>
    public static MetaLearnerBuilder UseModulation(this InrBuilder builder, Func<GradientMetaOptions, GradientMetaOptions>? change = null) =>
        builder.UseGradientMeta(GradientMethods.Functa(), change);

    /// <summary>Uses any member of the family.</summary>
    /// <param name="builder">The builder, with a target chosen.</param>
    /// <param name="method">The member to start from, such as <c>GradientMethods.GradNcp()</c>; copied.</param>
    /// <param name="change">Changes any axis, as <c>o => o with { … }</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public static MetaLearnerBuilder UseGradientMeta(this InrBuilder builder, GradientMetaOptions method, Func<GradientMetaOptions, GradientMetaOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(method);
        // A copy to start from: a section of the configuration is bound into it.
        var options = builder.CreateOptions(change, new GradientMetaOptionsValidator(), () => method with { });
        return new MetaLearnerBuilder(builder, b => new GradientMetaLearner(b.BuildTarget(), options with { Seed = b.Seed }, device: b.Device.Resolve()));
    }
}
