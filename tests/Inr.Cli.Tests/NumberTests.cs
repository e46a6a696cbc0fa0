using System.CommandLine;
using Inr.Cli.Commands;
using Inr.Cli.Runtime;
using Inr.Package.Tests.Cli;

namespace Inr.Cli.Tests;

/// <summary>Numbers are read in one format, whatever verb and option they belong to.</summary>
public sealed class NumberTests(CommandFixture fixture) : IClassFixture<CommandFixture>
{
    private const int BadUsage = 2;

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData("5e-4", 5e-4)]
    [InlineData("-.5", -.5)]
    [InlineData("30", 30)]
    public void Read_InvariantFormat_IsTheNumber(string text, double expected)
    {
        NumberText.Read(text, out double value).Should().BeNull();
        value.Should().Be(expected);
    }

    [Theory]
    [InlineData("12,5")]
    [InlineData("0,0005")]
    [InlineData("1,000")]
    [InlineData("1.000,5")]
    [InlineData("1 000")]
    [InlineData("1_000")]
    [InlineData("(5)")]
    [InlineData("$5")]
    [InlineData("5%")]
    [InlineData("0x10")]
    [InlineData("many")]
    [InlineData("")]
    public void Read_AnythingElse_IsRefusedInWords(string text)
    {
        NumberText.Read(text, out _).Should().Contain($"'{text}'").And.Contain("no number");
        NumberText.ReadWhole(text, int.MaxValue, out _).Should().Contain($"'{text}'").And.Contain("no whole number");
    }

    [Theory]
    [InlineData("60000", 60_000)]
    [InlineData("1e5", 100_000)]
    [InlineData("1E5", 100_000)]
    [InlineData("1.5e3", 1_500)]
    [InlineData("-3", -3)]
    [InlineData("200.0", 200)]
    public void ReadWhole_WholeNumber_IsTheNumber(string text, long expected)
    {
        NumberText.ReadWhole(text, int.MaxValue, out long value).Should().BeNull();
        value.Should().Be(expected);
    }

    [Theory]
    [InlineData("1.5", "no whole number")]
    [InlineData("1e-50", "no whole number")]
    [InlineData("1.00000000000000000001", "no whole number")]
    [InlineData("NaN", "no whole number")]
    [InlineData("2147483648", "too large")]
    [InlineData("1e10", "too large")]
    [InlineData("-1e400", "too large")]
    public void ReadWhole_NoWholeNumberOrTooLarge_IsRefused(string text, string because) =>
        NumberText.ReadWhole(text, int.MaxValue, out _).Should().Contain(because);

    [Fact]
    public void ReadWhole_LargestLong_IsExact()
    {
        NumberText.ReadWhole("9223372036854775807", long.MaxValue, out long value).Should().BeNull();
        value.Should().Be(long.MaxValue);
        NumberText.ReadWhole("9007199254740993", long.MaxValue, out value).Should().BeNull();
        value.Should().Be(9_007_199_254_740_993);
    }

    // No verb can have an option that is read in another way.
    [Fact]
    public void EveryNumberOptionOfEveryVerb_RefusesADecimalComma()
    {
        int count = 0;
        foreach (var verb in Shell.Verbs())
        {
            var command = verb.Describe(new Streams(TextWriter.Null, TextWriter.Null), default);
            foreach (var option in command.Options.Concat([CommonOptions.Seed, CommonOptions.Threads]).Where(o => IsNumber(o.ValueType)))
            {
                NumberOptions.Prepare(option);
                var errors = new RootCommand { option }.Parse([option.Name, "12,5"]).Errors;
                errors.Should().NotBeEmpty($"{command.Name} {option.Name} takes 12,5");
                errors[0].Message.Should().StartWith($"{option.Name} is '12,5', which is no ").And.NotContain("System.");
                count++;
            }
        }

        count.Should().BeGreaterThan(30);
    }

    [Theory]
    [InlineData("fit photo.png --target siren --omega 12,5", "--omega is '12,5', which is no number. Write a point")]
    [InlineData("fit photo.png --target siren --lr 0,0005", "--lr is '0,0005'")]
    [InlineData("fit photo.png --target siren --floats 60,000", "--floats is '60,000', which is no whole number. Write a point")]
    [InlineData("fit photo.png --target siren --steps 1.5", "--steps is '1.5', which is no whole number.")]
    [InlineData("fit photo.png --target siren --steps 1e10", "it is at most 2147483647")]
    [InlineData("fit photo.png --target siren --threads 1,0", "--threads is '1,0'")]
    [InlineData("doctor --seed 1,0", "--seed is '1,0'")]
    [InlineData("compare photo.png --targets siren --report r --seconds 0,5", "--seconds is '0,5'")]
    [InlineData("compare photo.png --targets siren --report r --floats 1000,many", "--floats is 'many'")]
    [InlineData("compare photo.png --targets siren --report r --context sparse:0,1", "'sparse:0,1' is no context")]
    [InlineData("meta-train --data . --learner maml --target siren --size 8 --out l --minutes 0,5", "--minutes is '0,5'")]
    [InlineData("meta-eval --data . --learner l --limit 1,0", "--limit is '1,0'")]
    [InlineData("render photo.inr --size 1,024x768 --out out.png", "640x480")]
    public void Run_DecimalComma_IsBadUsage(string line, string because) => fixture.Run(line.Split(' ')).ShouldFail(BadUsage, because);

    [Fact]
    public void Run_WholeNumbersWithExponent_AreFine()
    {
        fixture.Run("fit", "photo.png", "--target", "block-cosine", "--floats", "1e2", "--seed", "1e1", "--json", "exponent.json").ShouldSucceed();
        File.ReadAllText(fixture.PathOf("exponent.json")).Should().Contain("\"seed\": 10");
        fixture.Run("render", "photo.inr", "--size", "1e1x5", "--out", "exponent.png").ShouldSucceed();
        TestPng.SizeOf(fixture.PathOf("exponent.png")).Should().Be((10, 5));
    }

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } number && number != typeof(bool);
}
