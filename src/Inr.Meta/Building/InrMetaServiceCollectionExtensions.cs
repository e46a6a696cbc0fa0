using Inr;
using Inr.Meta;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds meta-learners to an application's services.</summary>
public static class InrMetaServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IMetaLearner"/> that a builder describes, as a singleton that is the <see cref="ISignalFitter"/> as well.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="build">Describes it, such as <c>sp => InrBuilder.ForImages(size: 64, services: sp).UseSiren().UseMaml()</c>.
    /// Options that the application configured (<c>ConfigureInr</c>, or a bound section of its configuration) apply first.</param>
    /// <returns>The services, for chaining.</returns>
    public static IServiceCollection AddInr(this IServiceCollection services, Func<IServiceProvider, MetaLearnerBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(build);
        return services.AddInrLearner(provider => build(provider).Build());
    }

    /// <summary>Adds a trained <see cref="IMetaLearner"/>, as a singleton that is the <see cref="ISignalFitter"/> as well.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="load">Gives it, such as <c>_ => MetaLearner.Load("faces.learner")</c>; the container disposes of it.</param>
    /// <returns>The services, for chaining.</returns>
    public static IServiceCollection AddInrLearner(this IServiceCollection services, Func<IServiceProvider, IMetaLearner> load)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(load);
        services.AddOptions();
        services.TryAddSingleton(load);
        services.TryAddSingleton<ISignalFitter>(provider => provider.GetRequiredService<IMetaLearner>());
        return services;
    }
}
