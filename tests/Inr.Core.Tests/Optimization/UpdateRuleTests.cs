using Inr.Optimization;
using Inr.Testing;

namespace Inr.Core.Tests.Optimization;

/// <summary>Update rules against TorchSharp's own optimizers, closed forms and finite differences.</summary>
public sealed class UpdateRuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Rules => ["sgd", "momentum", "nesterov", "decay", "adam", "adam-decay", "adamw"];

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(Rules))]
    public void Direct_TenSteps_FollowTheReferenceOptimizer(string name)
    {
        var start = tensor(new double[] { 1.5, -0.7, 0.3 });
        var theirs = new TorchSharp.Modules.Parameter(start.clone());
        var parameters = new[] { theirs };
        const double rate = 0.05;
        optim.Optimizer reference = name switch
        {
            "sgd" => optim.SGD(parameters, rate),
            "momentum" => optim.SGD(parameters, rate, momentum: 0.9),
            "nesterov" => optim.SGD(parameters, rate, momentum: 0.9, nesterov: true),
            "decay" => optim.SGD(parameters, rate, momentum: 0.5, weight_decay: 0.1),
            "adam" => optim.Adam(parameters, rate),
            "adam-decay" => optim.Adam(parameters, rate, weight_decay: 0.1),
            _ => optim.AdamW(parameters, rate, weight_decay: 0.1),
        };
        IReadOnlyList<Tensor> ours = [start.clone()];
        var rule = Create(name);
        var state = rule.Initialize(ours);
        for (int i = 0; i < 10; i++)
        {
            reference.zero_grad();
            Loss(theirs).backward();
            reference.step();

            var leaf = ours[0].detach().requires_grad_();
            var gradient = autograd.grad([Loss(leaf)], [leaf])[0];
            var (directions, next) = rule.Direct(ours, [gradient], state);
            ours = [ours[0] - directions[0] * rate];
            state = next;
        }

        state.Step.Should().Be(10);
        Close.ShouldBeClose(ours[0], theirs, 1e-10);
        reference.Dispose();
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adam-decay")]
    [InlineData("adamw")]
    public void Step_OfNumbersInMemory_IsThatOfTheRule(string name)
    {
        var rule = Create(name);
        var noise = new Generator(4);
        Tensor[] theta = [randn(5, 7, generator: noise), randn(64, generator: noise), randn(1, generator: noise)];
        Tensor[] slow = [.. theta];
        OptimizerState state = rule.Initialize(theta), slowState = rule.Initialize(theta);
        var optimizer = new FirstOrderOptimizer(rule);
        for (int i = 0; i < 5; i++)
        {
            Tensor[] gradients = [.. theta.Select(t => randn_like(t))];
            (theta, state, _) = optimizer.Step(theta, state, _ => (zeros([]), gradients), 0.1);
            var (directions, next) = rule.Direct(slow, gradients, slowState);
            slow = [.. slow.Select((t, k) => t - directions[k] * 0.1)];
            slowState = next;
        }

        state.Step.Should().Be(5);
        for (int k = 0; k < theta.Length; k++)
        {
            Close.ShouldBeClose(theta[k], slow[k], 2e-6);
            Close.ShouldBeClose(state.Tensors[k], slowState.Tensors[k], 1e-6);
            Close.ShouldBeClose(state.Tensors[3 + k], slowState.Tensors[3 + k], 1e-6);
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public void Direct_TwoSteps_IsDifferentiable(string name)
    {
        var rule = Create(name);
        Tensor Unrolled(Tensor theta)
        {
            var state = rule.Initialize([theta]);
            for (int i = 0; i < 2; i++)
            {
                var gradient = autograd.grad([Loss(theta)], [theta], create_graph: true, retain_graph: true)[0];
                var (directions, next) = rule.Direct([theta], [gradient], state);
                theta = theta - directions[0] * 0.05;
                state = next;
            }

            return theta.pow(2).sum() + theta.sum();
        }

        var start = tensor(new double[] { 1.5, -0.7, 0.3 });
        var leaf = start.clone().requires_grad_();
        var meta = autograd.grad([Unrolled(leaf)], [leaf])[0];
        double Value(Tensor t) => Unrolled(t.detach().requires_grad_()).item<double>();
        FiniteDifferences.RelativeError(Value, start, meta).Should().BeLessThan(1e-5);
    }

    [Fact]
    public void ByJointNorm_ScalesOnlyWhatIsTooLarge()
    {
        Tensor[] gradients = [tensor(new double[] { 3, 0 }), tensor(new double[] { 4 })];
        var clipped = GradientClipping.ByJointNorm(gradients, 1);
        Close.ShouldBeClose(clipped[0], tensor(new double[] { 0.6, 0 }), 1e-9);
        Close.ShouldBeClose(clipped[1], tensor(new double[] { 0.8 }), 1e-9);
        Close.ShouldBeClose(GradientClipping.ByJointNorm(gradients, 10)[0], gradients[0], 1e-12);
    }

    [Fact]
    public void Lbfgs_Rosenbrock_ReachesTheMinimum()
    {
        var optimizer = new LbfgsOptimizer();
        IReadOnlyList<Tensor> theta = [tensor(new double[] { -1.2, 1 })];
        var state = optimizer.Initialize(theta);
        static (Tensor, Tensor[]) Objective(IReadOnlyList<Tensor> p)
        {
            using var recording = enable_grad();
            var leaf = p[0].detach().requires_grad_();
            var x = leaf[0];
            var y = leaf[1];
            var loss = (1 - x).square() + 100 * (y - x.square()).square();
            return (loss.detach(), [.. autograd.grad([loss], [leaf])]);
        }

        for (int i = 0; i < 60; i++)
        {
            (theta, state, _) = optimizer.Step(theta, state, Objective, 1);
        }

        Close.ShouldBeClose(theta[0], tensor(new double[] { 1, 1 }), 1e-6);
    }

    [Fact]
    public void Lbfgs_IllConditionedQuadratic_ConvergesSuperlinearly()
    {
        var curvature = tensor(new double[] { 1, 10, 100, 1000, 3 });
        var optimizer = new LbfgsOptimizer();
        IReadOnlyList<Tensor> theta = [ones(5, float64)];
        var state = optimizer.Initialize(theta);
        (Tensor, Tensor[]) Objective(IReadOnlyList<Tensor> p) => (0.5 * (curvature * p[0].square()).sum(), [curvature * p[0]]);
        for (int i = 0; i < 40; i++)
            (theta, state, _) = optimizer.Step(theta, state, Objective, 1);
        // Gradient descent at its best rate would still be at (999/1001)^40 = 0.92.
        theta[0].abs().max().item<double>().Should().BeLessThan(1e-12);
    }

    [Fact]
    public void Schedules_HaveTheirClosedForms()
    {
        LearningRateSchedule.Constant.Factor(3, 10).Should().Be(1);
        var cosine = LearningRateSchedule.Cosine(0.1);
        cosine.Factor(0, 10).Should().Be(1);
        cosine.Factor(5, 10).Should().BeApproximately(0.55, 1e-12);
        cosine.Factor(10, 10).Should().BeApproximately(0.1, 1e-12);
        LearningRateSchedule.Exponential(0.01).Factor(5, 10).Should().BeApproximately(0.1, 1e-12);
        var drop = LearningRateSchedule.Drop(0.8, 0.1);
        drop.Factor(7, 10).Should().Be(1);
        drop.Factor(8, 10).Should().Be(0.1);
        var warm = LearningRateSchedule.Constant.WithWarmUp(4);
        warm.Factor(0, 10).Should().Be(0.25);
        warm.Factor(4, 10).Should().Be(1);
    }

    // Convex in each coordinate, with a curvature that changes, so that second derivatives matter.
    private static Tensor Loss(Tensor theta) => (theta.pow(4) * 0.3 + (theta * 1.7).sin() + theta.square()).sum();

    private static IUpdateRule Create(string name) => name switch
    {
        "sgd" => new SgdRule(),
        "momentum" => new SgdRule(0.9),
        "nesterov" => new SgdRule(0.9, nesterov: true),
        "decay" => new SgdRule(0.5, 0.1),
        "adam" => new AdamRule(),
        "adam-decay" => new AdamRule(weightDecay: 0.1),
        _ => new AdamRule(weightDecay: 0.1, decoupledDecay: true),
    };
}
