using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>Runs an options validator outside dependency injection: constructors and the builder use the one validator that DI uses.</summary>
public static class OptionsValidation
{
    /// <summary>Throws where the options are invalid.</summary>
    /// <param name="validator">The validator of the options class.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionsValidationException">Something is invalid; the message lists every failure.</exception>
    public static void ThrowIfInvalid<TOptions>(this IValidateOptions<TOptions> validator, TOptions options)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(validator);
        ArgumentNullException.ThrowIfNull(options);
        var result = validator.Validate(null, options);
        if (result.Failed)
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(TOptions), result.Failures ?? []);
    }
}
