using System.Diagnostics;
using System.Globalization;
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
    // Fewer pixels with something in them than this share look past the scene.
    private const double LeastSeen = 0.01;

    private readonly NerfMlp _field;
    private readonly NerfFitOptions _options;

    /// <summary>Creates a fitter.</summary>
    /// <param name="field">The radiance field; 5 layers of 128 by default.</param>
    /// <param name="options">How to fit.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public NerfSceneFitter(NerfMlp? field = null, NerfFitOptions? options = null)
    {
        _field = field ?? new NerfMlp(new NerfMlpOptions { Width = 128, Depth = 5 });
        _options = options ?? new NerfFitOptions();
        new NerfFitOptionsValidator().ThrowIfInvalid(_options);
    }

    /// <summary>Fits a scene.</summary>
    /// <param name="scene">The views to learn from.</param>
    /// <param name="heldOut">Views to judge the result on; none by default.</param>
    /// <param name="progress">Told now and then where the fit stands.</param>
    /// <param name="cancellationToken">Ends the fit within a step; the state so far is returned, and is not judged.</param>
    /// <exception cref="ArgumentException">The cameras see nothing of the cube in which the scene must lie, or the held-out views lie in another space.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite, or the scene empty.</exception>
    public NerfFitResult Fit(NerfScene scene, NerfScene? heldOut = null, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scene);
        if (heldOut is not null && heldOut.Space != scene.Space)
            throw new ArgumentException($"The views to learn from and those to judge on lie in different spaces, {scene.Space} and {heldOut.Space}: load both from one folder, or the second with NerfSceneOptions.Space = scene.Space.", nameof(heldOut));
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        var device = _options.Device ?? CPU;
        using var generator = new Generator((ulong)_options.Seed);
        var field = _field.In(scene.Space);
        var range = _options.RendererOf(scene.Space);
        var renderer = new VolumeRenderer(range);
        var cameras = scene.Views.Rays();
        var rays = cat([cameras.Origins, cameras.Directions], -1).reshape(-1, SceneSignal.Coordinates).to(device);
        var colors = scene.Views.Images.reshape(-1, 3).to(device);
        using var grid = new OccupancyGrid(HalfWidthOf(scene.Space), _options.GridResolution, device);
        if (_options.UseSilhouettes)
            grid.Carve(scene, cancellationToken);
        var live = renderer.Hits(rays.narrow(-1, 0, 3), rays.narrow(-1, 3, 3), grid, cancellationToken: cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
            RequireSomethingSeen(scene, colors, live);

        var seen = new SparseRayObservation(renderer, grid);
        var loss = new LossFunction(field, new Loss
        {
            Observation = seen,
            Terms = _options.EmptinessWeight > 0 ? [new EmptinessTerm(_options.EmptinessWeight, rays, grid, range, Math.Max(1, _options.PointsPerStep / EmptyShare))] : [],
        });
        var initial = field.Initialize(generator, device);
        var reports = new LastLoss(progress);
        double occupied = grid.OccupiedFraction;
        double pointsPerRay = renderer.PointsPerRay;
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
            grid.Update(field, loss.WithMoved(initial, moved), generator);
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
        var representation = Keep(field, loss.WithMoved(initial, end.Tensors!), grid, scene.Format);
        return new NerfFitResult
        {
            HeldOutPsnrs = heldOut is null ? [] : Judge(representation, renderer, heldOut, device, cancellationToken),
            Representation = representation,
            Status = end.Status,
            Steps = end.Steps,
            Loss = end.Loss,
            Elapsed = elapsed,
            OccupiedFraction = occupied,
        };
    }

    /// <summary>Renders a radiance field from pinhole cameras, as <see cref="Fit"/> judges it: nothing outside the cube is seen, and empty space is skipped.</summary>
    /// <param name="representation">What <see cref="Fit"/> gave, or a file of it.</param>
    /// <param name="poses">Shape [V,3,4], in the world of the scene's file: columns right, up, backward, position.</param>
    /// <param name="focals">Shape [V,2]: focal lengths along x and y, in pixels.</param>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Columns of a picture.</param>
    /// <param name="cancellationToken">Ends the work within a picture.</param>
    /// <returns>One picture [H,W,3] after another, each rendered when it is asked for; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The representation is no radiance field.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<Tensor> Render(ImplicitRepresentation representation, Tensor poses, Tensor focals, int height, int width, CancellationToken cancellationToken = default)
    {
        Shapes.Require(poses, "poses", "[V,3,4]", 3);
        return Render(representation, (int)poses.shape[0], (view, space) => CameraRays.FromPoses(space.ToField(poses[view].cpu()), focals[view].cpu(), height, width), cancellationToken);
    }

    /// <summary>Renders a radiance field from cameras of its world, each in the size of its own pictures.</summary>
    /// <param name="representation">What <see cref="Fit"/> gave, or a file of it.</param>
    /// <param name="cameras">Cameras in the world of the scene's file, such as <see cref="NerfScene.Cameras"/>.</param>
    /// <param name="cancellationToken">Ends the work within a picture.</param>
    /// <returns>One picture [H,W,3] after another, each rendered when it is asked for; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The representation is no radiance field.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<Tensor> Render(ImplicitRepresentation representation, IReadOnlyList<SceneCamera> cameras, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cameras);
        return Render(representation, cameras.Count, (view, space) => CameraRays.Of(cameras[view], space), cancellationToken);
    }

    private IEnumerable<Tensor> Render(ImplicitRepresentation representation, int views, Func<int, SceneSpace, CameraRays> raysOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(representation);
        FieldInput.Require(representation.Target);
        var space = (representation.Target as NerfMlp)?.Space ?? SceneSpace.Standard;
        return Pictures();

        IEnumerable<Tensor> Pictures()
        {
            var device = representation.Parameters.Device;
            var renderer = new VolumeRenderer(_options.RendererOf(space));
            using var grid = GridOf(representation, space, device, cancellationToken);
            for (int view = 0; view < views; view++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Picture(view, renderer, grid, device);
            }
        }

        Tensor Picture(int view, VolumeRenderer renderer, OccupancyGrid grid, Device device)
        {
            using var scope = NewDisposeScope();
            var rays = raysOf(view, space);
            var moved = new CameraRays(rays.Origins.to(device), rays.Directions.to(device));
            return renderer.RenderImage(representation.Target, representation.Parameters, moved, grid: grid, cancellationToken: cancellationToken).cpu().DetachFromDisposeScope();
        }
    }

    // What the fit knows of empty space goes with the field, so that a file shows what was judged.
    private ImplicitRepresentation Keep(NerfMlp field, ParameterSet theta, OccupancyGrid grid, SampleFormat? format)
    {
        int resolution = Math.Min(_options.MaskResolution, _options.GridResolution);
        if (resolution == 0)
            return new ImplicitRepresentation(field, theta.Clone(), SignalDomain.Scattered(field.InputDimension)) { Format = format };
        using var scope = NewDisposeScope();
        var masked = field.Masked(resolution);
        var mask = grid.ToMask(resolution);
        var all = new ParameterSet(masked.Layout, [.. masked.Layout.Select(s => s.Name == NerfMlp.MaskName ? mask : theta[s.Name])]).Clone();
        return new ImplicitRepresentation(masked, all, SignalDomain.Scattered(field.InputDimension)) { Format = format };
    }

    // Several random points in each cell find whatever is there.
    private OccupancyGrid GridOf(ImplicitRepresentation representation, SceneSpace space, Device device, CancellationToken cancellationToken)
    {
        using var generator = new Generator((ulong)_options.Seed);
        var grid = new OccupancyGrid(HalfWidthOf(space), Math.Min(_options.GridResolution, RenderResolution), device);
        for (int look = 0; look < RenderLooks && !cancellationToken.IsCancellationRequested; look++)
            grid.Update(representation.Target, representation.Parameters, generator);
        return grid;
    }

    private static double HalfWidthOf(SceneSpace space) => space.HalfWidth * space.Scale;

    // Where the pictures show something, rays must meet the cube; else the field learns that the world is empty, without an error.
    private void RequireSomethingSeen(NerfScene scene, Tensor colors, Tensor live)
    {
        using var scope = NewDisposeScope();
        var shows = colors.ne(_options.WhiteBackground ? 1 : 0).any(-1);
        long all = shows.sum().item<long>();
        long met = live.shape[0] == 0 ? 0 : shows.index_select(0, live).sum().item<long>();
        if (met == 0 || met < LeastSeen * all)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{(all == 0 ? "The pictures show nothing but background" : $"Of the {all} pixels that show something, {met} look into the part of space where the scene should lie")}: half width {scene.Space.HalfWidth:0.####} around ({scene.Space.CenterX:0.####}, {scene.Space.CenterY:0.####}, {scene.Space.CenterZ:0.####}), depth {scene.Space.Near:0.####} to {scene.Space.Far:0.####}. Look at the poses, or say where the scene lies (NerfSceneOptions; --near, --far, --centre, --bounds)."), nameof(scene));
    }

    // By what the representation alone holds, as whoever renders a file of it has it.
    private List<double> Judge(ImplicitRepresentation representation, VolumeRenderer renderer, NerfScene heldOut, Device device, CancellationToken cancellationToken)
    {
        using var _ = no_grad();
        using var grid = GridOf(representation, heldOut.Space, device, cancellationToken);
        var psnrs = new List<double>();
        var rays = heldOut.Views.Rays();
        for (int view = 0; view < heldOut.Count; view++)
        {
            using var scope = NewDisposeScope();
            var camera = new CameraRays(rays.Origins[0, view].to(device), rays.Directions[0, view].to(device));
            try
            {
                using var picture = renderer.RenderImage(representation.Target, representation.Parameters, camera, grid: grid, cancellationToken: cancellationToken);
                psnrs.Add(Psnr.Of(heldOut.Views.Images[0, view], picture));
            }
            catch (OperationCanceledException)
            {
                // The fit is worth more than its judgement.
                return [];
            }
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
