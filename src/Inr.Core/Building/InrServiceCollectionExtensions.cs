using Inr;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds fitters to an application's services.</summary>
public static class InrServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="ISignalFitter"/> that a builder describes, as a singleton.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="build">Describes it, such as <c>sp => InrBuilder.ForImages(services: sp).UseSiren()</c>. Options that the
    /// application configured (<see cref="ConfigureInr"/>, or a bound section of its configuration) apply first, and the same
    /// validators run as on the builder's own path.</param>
    /// <returns>The services, for chaining.</returns>
    public static IServiceCollection AddInr(this IServiceCollection services, Func<IServiceProvider, InrBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(build);
        services.AddOptions();
        services.TryAddSingleton(provider => build(provider).Build());
        return services;
    }

    /// <summary>Changes an options record for every builder of the application: any record that a <c>Use…</c> verb or <c>FitWith</c> takes.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="change">Gives the changed options, as <c>o => o with { Width = 128 }</c>. Several changes apply in the order in which they were registered.</param>
    /// <returns>The services, for chaining.</returns>
    public static IServiceCollection ConfigureInr<TOptions>(this IServiceCollection services, Func<TOptions, TOptions> change)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new OptionsChange<TOptions>(change));
    }
}
