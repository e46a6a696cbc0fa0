using Inr.Losses;

namespace Inr.Scenes;

/// <summary>The density at points that the cameras see through: there a field must be empty by itself, so that it needs no grid to be rendered.</summary>
internal sealed class EmptinessTerm : LossTerm
{
    private readonly Tensor _rays;
    private readonly OccupancyGrid _grid;
    private readonly VolumeRendererOptions _range;
    private readonly long _points;

    /// <param name="weight">What the mean density is multiplied by.</param>
    /// <param name="rays">All rays, origin and direction; shape [R,6].</param>
    /// <param name="grid">Says where it is empty.</param>
    /// <param name="range">Where rays begin and end.</param>
    /// <param name="points">Points that are drawn in a step, of which the empty ones count.</param>
    public EmptinessTerm(double weight, Tensor rays, OccupancyGrid grid, VolumeRendererOptions range, long points)
        : base(weight)
    {
        _rays = rays;
        _grid = grid;
        _range = range;
        _points = points;
    }

    public override Tensor Of(ITargetFunction target, ParameterSet parameters, Generator noise)
    {
        using var scope = NewDisposeScope();
        var empty = Draw(noise);
        var density = empty.shape[0] == 0 ? zeros([], _rays.dtype, _rays.device) : target.Evaluate(parameters, FieldInput.FromAnywhere(target, empty)).select(-1, 3).relu().mean();
        return density.MoveToOuterDisposeScope();
    }

    private Tensor Draw(Generator noise)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var device = _rays.device;
        var rays = _rays.index_select(0, randint(0, _rays.shape[0], [_points], dtype: int64, generator: noise).to(device));
        var depth = rand([_points, 1], dtype: float32, device: CPU, generator: noise).to(device) * (_range.Far - _range.Near) + _range.Near;
        var points = rays.narrow(-1, 0, 3) + depth * rays.narrow(-1, 3, 3);
        var empty = _grid.Contains(points).logical_not().nonzero().squeeze(-1);
        return points.index_select(0, empty).MoveToOuterDisposeScope();
    }
}
