using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Interchange;

/// <summary>Perceptrons that PyTorch wrote under the names of different codes give the numbers that PyTorch gave.</summary>
public sealed class PerceptronImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-tests-").FullName;
    private readonly PerceptronImportOptions _omegas = new() { FirstOmega = 30, HiddenOmega = 20 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("notebook.pth", "")]
    [InlineData("official.pth", "not read: epoch")]
    [InlineData("lucidrains.pth", "")]
    [InlineData("sequential.pth", "removed from its names: 'module.'; converted from Float64; not read: optimizer, best")]
    [InlineData("siren.npz", "")]
    public void LoadSiren_OfNamesOfACode_GivesTheNumbersOfPyTorch(string name, string said)
    {
        using var scope = NewDisposeScope();
        using var siren = PerceptronImport.LoadSiren(Fixture(name), _omegas, out var notes);
        ShouldGive(siren, "siren");
        siren.Target.Should().BeOfType<Siren>();
        notes.ToString().Should().Be(said);
    }

    [Fact]
    public void LoadSiren_OfSafeTensorsOfDoubles_GivesTheNumbersOfPyTorch()
    {
        using var scope = NewDisposeScope();
        using var siren = PerceptronImport.LoadSiren(Fixture("notebook.pth"), _omegas);
        string path = Path.Combine(_folder, "a.safetensors");
        SafeTensors.Save(path, siren.Parameters.Layout.Zip(siren.Parameters.Tensors, (s, t) => KeyValuePair.Create("_orig_mod." + s.Name, t.to(ScalarType.Float64))));

        using var again = PerceptronImport.LoadSiren(path, _omegas, out var notes);

        ShouldGive(again, "siren");
        notes.ToString().Should().Be("removed from its names: '_orig_mod.'; converted from Float64");
    }

    [Fact]
    public void LoadSiren_OfOtherOmega_GivesOtherNumbers()
    {
        using var scope = NewDisposeScope();
        using var siren = PerceptronImport.LoadSiren(Fixture("notebook.pth"));
        var expected = Npz.Load(Fixture("expected.npz"));
        (siren.Evaluate(expected["x"]) - expected["siren"]).abs().max().item<float>().Should().BeGreaterThan(0.01f);
    }

    [Fact]
    public void LoadSiren_OfValuesAroundZero_IsMovedToTheRangeOfImages()
    {
        using var scope = NewDisposeScope();
        var expected = Npz.Load(Fixture("expected.npz"));
        using var siren = PerceptronImport.LoadSiren(Fixture("notebook.pth"), _omegas with { OutputScale = 0.5, OutputOffset = 0.5, Domain = SignalDomain.Grid(6, 7) });
        (siren.Evaluate(expected["x"]) - (expected["siren"] / 2 + 0.5)).abs().max().item<float>().Should().BeLessThan(2e-5f);
        siren.Render().Domain.Should().Be(SignalDomain.Grid(6, 7));
    }

    [Fact]
    public void LoadReluMlp_WithoutALastBias_GivesTheNumbersOfPyTorch()
    {
        using var scope = NewDisposeScope();
        using var relu = PerceptronImport.LoadReluMlp(Fixture("relu.pth"), null, out var notes);
        ShouldGive(relu, "relu");
        notes.ToString().Should().Be("set to 0: the bias of 6.weight");
    }

    [Fact]
    public void SaveAndLoad_OfImport_KeepsItsBits()
    {
        using var scope = NewDisposeScope();
        using var siren = PerceptronImport.LoadSiren(Fixture("lucidrains.pth"), _omegas);
        string path = Path.Combine(_folder, "a.inr");
        siren.Save(path);
        using var loaded = ImplicitRepresentation.Load(path);
        Close.ShouldBeSame(loaded.Parameters.Flatten(), siren.Parameters.Flatten(), "θ");
    }

    [Fact]
    public void LoadSiren_OfTwoStateDicts_AsksWhichAndTakesIt()
    {
        using var scope = NewDisposeScope();
        Refusal(() => PerceptronImport.LoadSiren(Fixture("two.pth"))).Should().Contain("2 state dicts: 'model', 'ema'").And.Contain("StateKey");
        Refusal(() => PerceptronImport.LoadSiren(Fixture("two.pth"), _omegas with { StateKey = "net" })).Should().Contain("no state dict 'net'").And.Contain("'ema'");
        using var siren = PerceptronImport.LoadSiren(Fixture("two.pth"), _omegas with { StateKey = "ema" }, out var notes);
        ShouldGive(siren, "siren");
        notes.Unread.Should().Equal("model");
    }

    [Theory]
    [InlineData("0.weight 8x2, 0.bias 8, 1.weight 3x9, 1.bias 3", "1.weight takes 9 numbers, but 0.weight before it gives 8")]
    [InlineData("0.weight 8x2, 0.bias 7, 1.weight 3x8, 1.bias 3", "0.bias has 7 numbers where its layer has 8 outputs")]
    [InlineData("0.weight 8x2, 1.weight 3x8, freqs 4", "freqs is no weight or bias")]
    [InlineData("0.weight 8x2x1, 1.weight 3x8", "0.weight is no weight or bias")]
    [InlineData("0.weight 8x2, 1.weight 3x8, 2.bias 3", "2.bias is no weight or bias")]
    [InlineData("0.weight 8x2, 1.weight 4x8, 2.weight 3x4", "widths [8,4]")]
    [InlineData("0.weight 8x2", "one layer")]
    [InlineData("0.weight 9000x2, 1.weight 3x9000", "Width is 9000")]
    public void LoadSiren_OfOtherNetworks_ListsExpectedAndFoundNames(string tensors, string reason)
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(_folder, "a.npz");
        Npz.Save(path, tensors.Split(", ").Select(t => t.Split(' ')).Select(t => KeyValuePair.Create(t[0], zeros([.. t[1].Split('x').Select(long.Parse)]))));
        string message = Refusal(() => PerceptronImport.LoadSiren(path));
        message.Should().Contain(path).And.Contain(reason);
        if (reason.Contains("weight or bias") || reason.Contains("numbers"))
            message.Should().Contain("net.0.linear").And.Contain("'0.weight' [");
    }

    [Fact]
    public void LoadSiren_OfDomainOfOtherDimension_SaysBoth() =>
        Refusal(() => PerceptronImport.LoadSiren(Fixture("notebook.pth"), new PerceptronImportOptions { Domain = SignalDomain.Grid(100) })).Should().Contain("takes 2 coordinates");

    [Fact]
    public void LoadSiren_OfNaN_IsRefused()
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(_folder, "a.npz");
        Npz.Save(path, new Dictionary<string, Tensor> { ["0.weight"] = full([4, 2], float.NaN), ["1.weight"] = zeros(3, 4) });
        Refusal(() => PerceptronImport.LoadSiren(path)).Should().Contain("'0.weight' holds NaN");
        Npz.Save(path, new Dictionary<string, Tensor> { ["0.weight"] = full([4, 2], 1e300, dtype: float64), ["1.weight"] = zeros(3, 4) });
        Refusal(() => PerceptronImport.LoadSiren(path)).Should().Contain("'0.weight' holds NaN or infinite");
    }

    [Fact]
    public void LoadSiren_LeavesNoTensorBehind() =>
        LiveTensors.ShouldStayFlat(() => PerceptronImport.LoadSiren(Fixture("sequential.pth")).Dispose(), runs: 3);

    private static void ShouldGive(ImplicitRepresentation representation, string key)
    {
        var expected = Npz.Load(Fixture("expected.npz"));
        (representation.Evaluate(expected["x"]) - expected[key]).abs().max().item<float>().Should().BeLessThan(2e-5f);
    }

    private static string Refusal(Func<ImplicitRepresentation> load) => load.Should().Throw<InrFileException>().Which.Message;

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "state-dicts", name);
}
