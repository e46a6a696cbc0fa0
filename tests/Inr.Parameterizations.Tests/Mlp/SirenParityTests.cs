using Inr.Files;
using Inr.Optimization;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>SIREN and its fit against numbers computed with PyTorch (<c>fixtures/siren_fit.npz</c>).</summary>
public sealed class SirenParityTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IReadOnlyDictionary<string, Tensor> _fixture = Npz.Load(Path.Combine(AppContext.BaseDirectory, "fixtures", "siren_fit.npz"));
    private readonly Siren _siren = new(2, 3, new SirenOptions { Width = 32, HiddenLayers = 1 });

    public void Dispose()
    {
        foreach (var t in _fixture.Values)
            t.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Evaluate_Float64_MatchesPrediction() =>
        Close.ShouldBeClose(_siren.Evaluate(Set("param", float64), _fixture["coordinates"]), _fixture["prediction"], 1e-12);

    [Fact]
    public void Evaluate_Float32_MatchesPrediction() =>
        Close.ShouldBeClose(_siren.Evaluate(Set("param", float32), _fixture["coordinates"].to(float32)), _fixture["prediction"], 1e-5);

    [Theory]
    [InlineData(ScalarType.Float64, 1e-10)]
    [InlineData(ScalarType.Float32, 1e-3)]
    public void Gradient_MatchesAutograd(ScalarType dtype, double tolerance)
    {
        var parameters = Set("param", dtype).AsLeaves();
        var loss = (_siren.Evaluate(parameters, _fixture["coordinates"].to(dtype)) - _fixture["values"].to(dtype)).square().mean();
        loss.to(float64).item<double>().Should().BeApproximately(_fixture["loss"].item<double>(), 1e-6);
        var gradients = autograd.grad([loss], parameters.Trainable());
        for (int i = 0; i < gradients.Count; i++)
            Close.ShouldBeClose(gradients[i], _fixture[$"grad.{_siren.Layout[i].Name}"], tolerance, _siren.Layout[i].Name);
    }

    [Fact]
    public void Step_Adam20_MatchesLossesAndParameters()
    {
        var options = new GradientFitterOptions { Steps = 20, LearningRate = 1e-3, Schedule = LearningRateSchedule.Constant };
        using var fitter = new GradientFitter(_siren, options);
        using var signal = new Signal(_fixture["coordinates"].to(float32), _fixture["values"].to(float32));
        var parameters = Set("param", float32);
        var state = fitter.Initialize(parameters);
        var expected = _fixture["adam_losses_float32"].data<double>().ToArray();
        for (int i = 0; i < 20; i++)
        {
            (parameters, state) = fitter.Step(parameters, state, signal);
            state.Loss.Should().BeApproximately(expected[i], 1e-3 * expected[i], $"step {i}");
        }

        for (int i = 0; i < parameters.Layout.Count; i++)
            Close.ShouldBeClose(parameters[i], _fixture[$"adam20.{parameters.Layout[i].Name}"], 1e-3, parameters.Layout[i].Name);
    }

    private ParameterSet Set(string prefix, ScalarType dtype) =>
        new(_siren.Layout, [.. _siren.Layout.Select(s => _fixture[$"{prefix}.{s.Name}"].to(dtype, copy: true))]);
}
