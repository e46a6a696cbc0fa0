using System.Diagnostics;
using Inr.Losses;
using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Fits a radiance field to the posed pictures of one scene, by gradient descent on random rays.</summary>
/// <remarks>
/// As in NeRF (Mildenhall et al., 2020), with one network, evenly spaced jittered points, and a grid of empty space
/// (<see cref="OccupancyGrid"/>) that lets a CPU skip nine tenths of them. It is a <see cref="StepLoop"/> over the loss of
/// such rays; <see cref="RayObservation"/> fits a scene by a <see cref="GradientFitter"/>, without the grid.
/// </remarks>
public sealed class NerfSceneFitter
{
    private const double FinalRate = 0.01;

    // A grid for rendering is made from the field alone.
    private const int RenderResolution = 64;
    private const int RenderLooks = 4;
    // One empty point to so many that are evaluated.
    private const int EmptyShare = 32;

    private readonly NerfMlp _field;
    private readonly NerfFitOptions _options;
    private readonly VolumeRenderer _renderer;

    /// <summary>Creates a fitter.</summary>
    /// <param name="field">The radiance field; 5 layers of 128 by default.</param>
    /// <param name="options">How to fit.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public NerfSceneFitter(NerfMlp? field = null, NerfFitOptions? options = null)
    {
        _field = field ?? new NerfMlp(new NerfMlpOptions { Width = 128, Depth = 5 });
        _options = options ?? new NerfFitOptions();
        new NerfFitOptionsValidator().ThrowIfInvalid(_options);
        _renderer = new VolumeRenderer(_options.Renderer);
    }

    /// <summary>Fits a scene.</summary>
    /// <param name="scene">The views to learn from.</param>
    /// <param name="heldOut">Views to judge the result on; none by default.</param>
    /// <param name="progress">Told now and then where the fit stands.</param>
    /// <param name="cancellationToken">Ends the fit within a step; the state so far is returned.</param>
    /// <exception cref="ArgumentException">The cameras see nothing of the cube in which the scene must lie.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite, or the scene empty.</exception>
    public NerfFitResult Fit(NerfScene scene, NerfScene? heldOut = null, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scene);
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        var device = _options.Device ?? CPU;
        using var generator = new Generator((ulong)_options.Seed);
        var cameras = scene.Views.Rays();
        var rays = cat([cameras.Origins, cameras.Directions], -1).reshape(-1, SceneSignal.Coordinates).to(device);
        var colors = scene.Views.Images.reshape(-1, 3).to(device);
        using var grid = new OccupancyGrid(_options.HalfWidth, _options.GridResolution, device);
        if (_options.UseSilhouettes)
            grid.Carve(scene);
        var live = _renderer.Hits(rays.narrow(-1, 0, 3), rays.narrow(-1, 3, 3), grid);
        if (live.shape[0] == 0)
            throw new ArgumentException(FormattableString.Invariant($"No ray meets the cube of half width {_options.HalfWidth} between depth {_options.Renderer.Near} and {_options.Renderer.Far}, or every picture is transparent: change HalfWidth, Near or Far, or look at the poses."), nameof(scene));

        var seen = new SparseRayObservation(_renderer, grid);
        var loss = new LossFunction(_field, new Loss
        {
            Observation = seen,
            Terms = _options.EmptinessWeight > 0 ? [new EmptinessTerm(_options.EmptinessWeight, rays, grid, _options.Renderer, Math.Max(1, _options.PointsPerStep / EmptyShare))] : [],
        });
        var initial = _field.Initialize(generator, device);
        var reports = new LastLoss(progress);
        double occupied = grid.OccupiedFraction;
        double pointsPerRay = _renderer.PointsPerRay;
        LossWithGradient OfStep(int step)
        {
            long count = (long)Math.Clamp(_options.PointsPerStep / pointsPerRay, 1, _options.RaysPerStep);
            var index = live.index_select(0, randint(0, live.shape[0], [count], dtype: int64, generator: generator).to(device));
            var samples = new LossSamples(rays.index_select(0, index), colors.index_select(0, index));
            return moved =>
            {
                seen.Points = 0;
                var found = loss.Differentiate(moved, loss.Assembly(initial), samples, noise: generator);
                pointsPerRay = Math.Max(1, (double)seen.Points / count);
                return (found.Errors, [.. found.Gradients]);
            };
        }

        void UpdateGrid(int step, IReadOnlyList<Tensor> moved)
        {
            if (step < _options.GridFrom || (step - _options.GridFrom) % _options.GridEvery != 0)
                return;
            using var inner = NewDisposeScope();
            grid.Update(_field, loss.WithMoved(initial, moved), generator);
            occupied = grid.OccupiedFraction;
            if (occupied == 0)
                throw new DivergedException(step, reports.Loss, "Every part of the scene became empty, so that no ray has a gradient. Lower the learning rate, or give the field more steps before empty space is skipped (GridFrom).");
        }

        var loop = new StepLoop
        {
            Optimizer = new FirstOrderOptimizer(new AdamRule()),
            Steps = _options.Steps,
            LearningRate = _options.LearningRate,
            Schedule = LearningRateSchedule.Cosine(FinalRate),
            TimeLimit = _options.TimeLimit,
            ReportEvery = _options.ReportEvery,
            LookEvery = _options.ReportEvery,
            BeforeStep = UpdateGrid,
        };
        using var end = loop.Run(loss.Moved(initial), OfStep, reports, clock, cancellationToken);
        if (end.Divergence is { } lost)
            throw new DivergedException(lost.Step, lost.Loss, "Lower the learning rate.");

        var elapsed = clock.Elapsed;
        var theta = loss.WithMoved(initial, end.Tensors!).Clone();
        return new NerfFitResult
        {
            HeldOutPsnrs = heldOut is null ? [] : Judge(theta, heldOut, grid, device),
            Representation = new ImplicitRepresentation(_field, theta, SignalDomain.Scattered(_field.InputDimension)),
            Status = end.Status,
            Steps = end.Steps,
            Loss = end.Loss,
            Elapsed = elapsed,
            OccupiedFraction = occupied,
        };
    }

    /// <summary>Renders a radiance field from cameras, as <see cref="Fit"/> judges it: nothing outside the cube is seen, and empty space is skipped.</summary>
    /// <param name="representation">What <see cref="Fit"/> gave, or a file of it.</param>
    /// <param name="poses">Shape [V,3,4]: columns right, up, backward, position.</param>
    /// <param name="focals">Shape [V,2]: focal lengths along x and y, in pixels.</param>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Columns of a picture.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    /// <returns>One picture [H,W,3] after another, each rendered when it is asked for; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The representation is no radiance field.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<Tensor> Render(ImplicitRepresentation representation, Tensor poses, Tensor focals, int height, int width, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(representation);
        FieldInput.Require(representation.Target);
        Shapes.Require(poses, "poses", "[V,3,4]", 3);
        return Pictures();

        IEnumerable<Tensor> Pictures()
        {
            var device = representation.Parameters.Device;
            using var grid = GridOf(representation, device);
            for (long view = 0; view < poses.shape[0]; view++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Picture(view);
            }

            Tensor Picture(long view)
            {
                using var scope = NewDisposeScope();
                var rays = CameraRays.FromPoses(poses[view].to(device), focals[view].to(device), height, width);
                return _renderer.RenderImage(representation.Target, representation.Parameters, rays, grid: grid).cpu().DetachFromDisposeScope();
            }
        }
    }

    // Several random points in each cell find whatever is there.
    private OccupancyGrid GridOf(ImplicitRepresentation representation, Device device)
    {
        using var generator = new Generator((ulong)_options.Seed);
        var grid = new OccupancyGrid(_options.HalfWidth, Math.Min(_options.GridResolution, RenderResolution), device);
        for (int look = 0; look < RenderLooks; look++)
            grid.Update(representation.Target, representation.Parameters, generator);
        return grid;
    }

    private List<double> Judge(ParameterSet theta, NerfScene heldOut, OccupancyGrid grid, Device device)
    {
        using var _ = no_grad();
        var psnrs = new List<double>();
        var rays = heldOut.Views.Rays();
        for (int view = 0; view < heldOut.Count; view++)
        {
            using var scope = NewDisposeScope();
            var camera = new CameraRays(rays.Origins[0, view].to(device), rays.Directions[0, view].to(device));
            using var picture = _renderer.RenderImage(_field, theta, camera, grid: grid);
            psnrs.Add(Psnr.Of(heldOut.Views.Images[0, view], picture));
        }

        return psnrs;
    }

    /// <summary>Passes reports on and keeps the last loss.</summary>
    private sealed class LastLoss(IProgress<FitProgress>? inner) : IProgress<FitProgress>
    {
        public double Loss { get; private set; } = double.NaN;

        public void Report(FitProgress value)
        {
            Loss = value.Loss;
            inner?.Report(value);
        }
    }
}
