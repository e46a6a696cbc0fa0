using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Validates <see cref="TestTimeOptions"/>.</summary>
public sealed class TestTimeOptionsValidator : IValidateOptions<TestTimeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TestTimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(TestTimeOptions)).AtLeast(options.Steps, 0).InRange(options.SolveRidge, 0.0, 1e3);
        if (options.LearningRate is { } rate)
            rules.Above(rate, 0.0, nameof(options.LearningRate));
        return rules.Require(options.Schedule is not null, nameof(options.Schedule), options.Schedule, "must be set").ToResult();
    }
}
