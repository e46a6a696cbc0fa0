using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Validates <see cref="TestTimeOptions"/>.</summary>
internal sealed class TestTimeOptionsValidator : IValidateOptions<TestTimeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TestTimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(TestTimeOptions)).AtLeast(options.Steps, 0).InRange(options.Ridge, 0.0, 1e3)
            .Require(options.Loss is { Error: not null, Observation: not null, Terms: not null }, nameof(options.Loss), options.Loss, "must have an error, an observation and terms");
        if (options.LearningRate is { } rate)
            rules.Above(rate, 0.0, nameof(options.LearningRate));
        if (options.BatchSize is { } batch)
            rules.AtLeast(batch, 1, nameof(options.BatchSize));
        return rules.Require(options.Schedule is not null, nameof(options.Schedule), options.Schedule, "must be set").ToResult();
    }
}
