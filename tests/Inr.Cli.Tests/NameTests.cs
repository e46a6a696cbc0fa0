using Inr.Cli.Runtime;
using Inr.Package.Tests.Cli;

namespace Inr.Cli.Tests;

/// <summary>A mistyped name is bad usage, and the message says which was meant.</summary>
public sealed class NameTests(CommandFixture fixture) : IClassFixture<CommandFixture>
{
    private const int BadUsage = 2;

    [Theory]
    [InlineData("fti photo.png", "Did you mean 'fit'?")]
    [InlineData("metatrain", "Did you mean 'meta-train'?")]
    [InlineData("frobnicate", "known are doctor, fit, ")]
    [InlineData("fit photo.png --traget siren", "There is no option '--traget' of fit. Did you mean '--target'?")]
    [InlineData("fit --omga 30 photo.png", "Did you mean '--omega'?")]
    [InlineData("fit photo.png --omga=30", "Did you mean '--omega'?")]
    [InlineData("doctor --jsno -", "Did you mean '--json'?")]
    [InlineData("--olny photo", "Did you mean '--only'?")]
    [InlineData("fit photo.png --target sirne", "There is no target function 'sirne'; known are siren, ")]
    [InlineData("fit photo.png --target sirne", "Did you mean 'siren'?")]
    [InlineData("fit photo.png --target piecewise", "Did you mean 'piecewise-fourier'?")]
    [InlineData("compare photo.png --targets siren,block-cosin --report r", "Did you mean 'block-cosine'?")]
    [InlineData("meta-train --data . --learner mamml --target siren --size 8 --out l", "Did you mean 'maml'?")]
    [InlineData("meta-train --data . --learner maml --target nonsense --size 8 --out l", "known are siren, ")]
    [InlineData("import transinr F.pth --out l", "Did you mean 'trans-inr'?")]
    public void Run_MistypedName_IsBadUsageWithASuggestion(string line, string because) => fixture.Run(line.Split(' ')).ShouldFail(BadUsage, because);

    [Theory]
    [InlineData("qqqqqq")]
    [InlineData("")]
    public void DidYouMean_NothingNear_IsSilent(string word) => Suggestion.DidYouMean(word, ["siren", "relu-mlp"]).Should().BeEmpty();

    [Fact]
    public void Run_OptionsOfEveryVerb_AreKnownByAllTheirNames() =>
        fixture.Run("render", "photo.inr", "--size=8x8", "--out=known.png", "--seed", "1", "--threads=1").ShouldSucceed();
}
