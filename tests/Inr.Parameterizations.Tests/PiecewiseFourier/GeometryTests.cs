using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

public sealed class GeometryTests
{
    [Theory]
    [InlineData(new[] { 8, 8 }, 3)]
    [InlineData(new[] { 5, 16 }, 3)]
    [InlineData(new[] { 4, 4, 4 }, 1)]
    [InlineData(new[] { 64 }, 2)]
    [InlineData(new[] { 1, 7 }, 4)]
    public void Orders_HoldEveryTermOnce(int[] shape, int channels)
    {
        var orders = PrefixOrders.Get(shape, channels);
        int terms = channels * shape.Aggregate(1, (p, n) => p * n);
        foreach (var order in orders.Joint)
            order.Order().Should().Equal(Enumerable.Range(0, terms));
    }

    [Fact]
    public void Orders_OfEveryCellShape_AreAsMany()
    {
        int expected = PrefixOrders.CountFor(2, 3);
        foreach (int[] shape in new int[][] { [4, 4], [1, 9], [64, 64], [3, 32] })
            PrefixOrders.Get(shape, 3).Count.Should().Be(expected);
    }

    [Fact]
    public void Orders_RoundOnes_GrowWithTheFrequency()
    {
        var orders = PrefixOrders.Get([8, 16], 1);
        var lengths = orders.Spatial[0].Select(f => Math.Sqrt(Math.Pow(f / 16 / 8.0, 2) + Math.Pow(f % 16 / 16.0, 2))).ToArray();
        lengths.Should().BeInAscendingOrder(Comparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-8 ? 0 : a.CompareTo(b)));
    }

    [Theory]
    [InlineData(new[] { 64, 48 })]
    [InlineData(new[] { 13, 27 })]
    [InlineData(new[] { 1, 9 })]
    [InlineData(new[] { 5, 6, 7 })]
    public void Lattice_HalvesOfABox_AreTheBox(int[] domain)
    {
        var lattice = new BoxLattice(domain, 4, 16);
        var position = new int[domain.Length];
        for (int c = 0; c < lattice.Classes.Length; c++)
        {
            var boxClass = lattice.Classes[c];
            for (int box = 0; box < boxClass.Count; box++)
            {
                boxClass.Position(box, position);
                for (int axis = 0; axis < domain.Length; axis++)
                {
                    if (boxClass.Levels[axis] == 0)
                        continue;
                    var child = lattice.Classes[lattice.ChildClass(c, axis)];
                    var (first, second) = lattice.Children(c, position, axis);
                    long halves = Volume(child, first) + (second < 0 ? 0 : Volume(child, second));
                    halves.Should().Be(Volume(boxClass, box));
                    (second < 0).Should().Be(boxClass.Extent(axis, position[axis]).Side <= boxClass.Sides[axis] / 2);
                }
            }
        }
    }

    [Fact]
    public void LeafCode_DecodesWhatItEncodes()
    {
        const int Orders = 352;
        var codes = new HashSet<int>();
        foreach (var kind in new[] { LeafKind.Plain, LeafKind.Extras, LeafKind.Cut, LeafKind.Cut | LeafKind.Extras, LeafKind.Cut | LeafKind.Curved, LeafKind.Cut | LeafKind.Curved | LeafKind.Extras })
        {
            for (int order = 0; order < Orders; order++)
            {
                int code = LeafCode.Encode(2, Orders, kind, order);
                codes.Add(code).Should().BeTrue();
                code.Should().BeInRange(2, LeafCode.Count(2, Orders) - 1);
                LeafCode.Decode(2, Orders, code).Should().Be((kind, order));
            }
        }
    }

    [Fact]
    public void LeafCode_OfStraightCuts_IsThatOfFilesWithoutCurves() =>
        LeafCode.Encode(2, 352, LeafKind.Cut | LeafKind.Extras, 5).Should().Be(2 + (4 * 5) + 3);

    [Theory]
    [InlineData(0.4)]
    [InlineData(-0.9)]
    [InlineData(1.3)]
    public void CutSurface_Curved_IsTheCircle(double curvature)
    {
        int[] shape = [10, 14];
        const double Angle = 0.7, Offset = 0.2, Half = 7;
        var cut = new CutSurface([Angle, Offset, curvature], shape);
        // The centre lies at distance 1/κ from the foot, along the normal.
        double radius = Half / Math.Abs(curvature), along = Half * (Offset + (1 / curvature));
        double cy = 5 + (along * Math.Cos(Angle)), cx = 7 + (along * Math.Sin(Angle));
        for (double y = 0.3; y < 10; y += 0.7)
        {
            for (double x = 0.1; x < 14; x += 0.9)
            {
                double inside = radius - Math.Sqrt(((y - cy) * (y - cy)) + ((x - cx) * (x - cx)));
                double expected = Math.Sign(curvature) * inside * (1 - (inside / (2 * radius)));
                cut.Distance([y, x]).Should().BeApproximately(expected, 1e-9);
            }
        }
    }

    [Fact]
    public void CutSurface_InSpace_IsTheSphere()
    {
        int[] shape = [8, 8, 8];
        // About the centre of the box itself: n·p − s − κ/2·|p − s·n|² with s = −1/κ.
        var cut = new CutSurface([0.4, 1.1, -1.25, 0.8], shape);
        var mask = cut.Mask(shape);
        for (int i = 0; i < mask.Length; i++)
        {
            double z = (i / 64) - 3.5, y = (i / 8 % 8) - 3.5, x = (i % 8) - 3.5;
            mask[i].Should().Be((z * z) + (y * y) + (x * x) <= 25);
        }
    }

    [Fact]
    public void HalfSpace_InThePlane_MatchesTheFormula()
    {
        int[] shape = [6, 9];
        var cut = new CutSurface([0.7, 0.3], shape);
        var mask = cut.Mask(shape);
        for (int y = 0; y < 6; y++)
        {
            for (int x = 0; x < 9; x++)
                mask[(y * 9) + x].Should().Be((Math.Cos(0.7) * (y + 0.5 - 3)) + (Math.Sin(0.7) * (x + 0.5 - 4.5)) >= 0.3 * 4.5);
        }
    }

    private static long Volume(BoxClass boxClass, int box)
    {
        var position = new int[boxClass.Sides.Length];
        boxClass.Position(box, position);
        return position.Select((p, a) => (long)boxClass.Extent(a, p).Side).Aggregate(1L, (p, n) => p * n);
    }
}
