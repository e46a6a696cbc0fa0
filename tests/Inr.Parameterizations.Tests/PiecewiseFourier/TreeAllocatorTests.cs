using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

public sealed class TreeAllocatorTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(10.0)]
    public void Solve_FindsTheBestTree(double price)
    {
        var lattice = new BoxLattice([8, 8], 2, 8);
        var table = Random(lattice, 5);
        var (floats, error) = new TreeAllocator(lattice).Solve(table, price);
        (error + (price * floats)).Should().BeApproximately(Best(lattice, table, price, lattice.RootClass, 0), 1e-4);
    }

    [Fact]
    public void Walk_CountsWhatSolveCounted()
    {
        var lattice = new BoxLattice([13, 21], 2, 8);
        var table = Random(lattice, 6);
        var allocator = new TreeAllocator(lattice);
        var (floats, error) = allocator.Solve(table, 0.7);
        long counted = 0;
        double left = 0;
        long covered = 0;
        allocator.Walk(_ => counted++, (c, box) =>
        {
            int at = lattice.Classes[c].Offset + box;
            counted += table.Floats[at];
            left += table.Error[at];
            var position = new int[2];
            lattice.Classes[c].Position(box, position);
            covered += (long)lattice.Classes[c].Extent(0, position[0]).Side * lattice.Classes[c].Extent(1, position[1]).Side;
        });
        counted.Should().Be(floats);
        left.Should().BeApproximately(error, 1e-3);
        covered.Should().Be(13 * 21);
    }

    [Fact]
    public void Allowances_SayExactlyWhichLeafWouldWin()
    {
        const double Price = 1;
        var lattice = new BoxLattice([8, 8], 2, 8);
        var table = Random(lattice, 7);
        var allocator = new TreeAllocator(lattice);
        var (floats, error) = allocator.Solve(table, Price);
        double best = error + (Price * floats);
        var allowances = allocator.Allowances(Price);
        for (int box = 0; box < lattice.BoxCount; box++)
        {
            foreach (double margin in new[] { -0.01, 0.01 })
            {
                var changed = Random(lattice, 7);
                changed.Floats[box] = 0;
                changed.Error[box] = (float)(allowances[box] + margin);
                var (f, e) = new TreeAllocator(lattice).Solve(changed, Price);
                double cost = e + (Price * f);
                if (margin < 0)
                    cost.Should().BeLessThan(best - 0.005);
                else
                    cost.Should().BeGreaterThanOrEqualTo(best - 1e-4);
            }
        }
    }

    private static LeafTable Random(BoxLattice lattice, int seed)
    {
        var random = new Random(seed);
        var table = new LeafTable(lattice.BoxCount);
        for (int i = 0; i < lattice.BoxCount; i++)
        {
            table.Error[i] = (float)(random.NextDouble() * 20);
            table.Floats[i] = random.Next(2, 20);
        }

        return table;
    }

    // Tries every tree.
    private static double Best(BoxLattice lattice, LeafTable table, double price, int c, int box)
    {
        var boxClass = lattice.Classes[c];
        double best = table.Cost(boxClass.Offset + box, price);
        var position = new int[lattice.Domain.Length];
        boxClass.Position(box, position);
        for (int axis = 0; axis < position.Length; axis++)
        {
            if (boxClass.Levels[axis] == 0)
                continue;
            var (first, second) = lattice.Children(c, position, axis);
            int child = lattice.ChildClass(c, axis);
            best = Math.Min(best, price + Best(lattice, table, price, child, first) + Best(lattice, table, price, child, second));
        }

        return best;
    }
}
