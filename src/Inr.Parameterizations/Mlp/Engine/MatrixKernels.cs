using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>The three products of a dense layer, on tiles that stay in cache.</summary>
/// <remarks>
/// <para>
/// Activations lie in panels of 32 features: <c>X[panel][point][32]</c>, so that a product needs none of its factors transposed and the
/// rows of a block lie 128 bytes apart for every width. Forward: <c>Y[jo][p][·] = b + Σ_i X[p][i]·W[jo][i][·]</c>. Gradient in the inputs: the same
/// on the panels of the transposed weights, times the slopes that stand where it goes. Gradient in the weights:
/// <c>G[ji][o][·] += Σ_p D[p][o]·X[ji][p][·]</c>.
/// </para>
/// <para>
/// A block of 8 points (4 where the processor has 16 registers) by two vectors is kept in registers; its locals are plain, since arrays
/// would live in memory, so that they repeat. The order of the sum in each number depends on neither the block nor the vectors.
/// </para>
/// </remarks>
internal static unsafe class MatrixKernels<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Panel = NetworkPlan.Panel;

    /// <summary>One panel of outputs for all points of a tile.</summary>
    /// <param name="a">The inputs in panels.</param>
    /// <param name="nextPanel">Floats from one panel of inputs to the next.</param>
    /// <param name="inputs">Their number.</param>
    /// <param name="w">Shape [inputs][32].</param>
    /// <param name="bias">32 numbers, or null for zeros.</param>
    /// <param name="y">Shape [points][32].</param>
    /// <param name="points">A multiple of 4.</param>
    /// <param name="scale">Whether the result is multiplied by what is there.</param>
    public static void Multiply(float* a, nint nextPanel, int inputs, float* w, float* bias, float* y, int points, bool scale)
    {
        for (int lane = 0; lane < Panel; lane += 2 * TLanes.Count)
        {
            int p = 0;
            if (TLanes.HasManyRegisters)
            {
                for (; p + 8 <= points; p += 8)
                    Points8(a + p * Panel, nextPanel, inputs, w + lane, bias is null ? null : bias + lane, y + p * Panel + lane, scale);
            }

            for (; p < points; p += 4)
                Points4(a + p * Panel, nextPanel, inputs, w + lane, bias is null ? null : bias + lane, y + p * Panel + lane, scale);
        }
    }

    /// <summary>Adds the gradient in the weights between 32 outputs and 32 inputs.</summary>
    /// <param name="d">The gradient in the outputs, shape [points][32].</param>
    /// <param name="x">The inputs, shape [points][32].</param>
    /// <param name="points">The number of points.</param>
    /// <param name="outputs">The outputs that count, a multiple of 4.</param>
    /// <param name="g">Shape [outputs][32].</param>
    /// <param name="fresh">Whether to begin with zeros rather than with what is there.</param>
    public static void AddOuter(float* d, float* x, int points, int outputs, float* g, bool fresh)
    {
        for (int lane = 0; lane < Panel; lane += 2 * TLanes.Count)
        {
            int o = 0;
            if (TLanes.HasManyRegisters)
            {
                for (; o + 8 <= outputs; o += 8)
                    Outputs8(d + o, x + lane, points, g + o * Panel + lane, fresh);
            }

            for (; o < outputs; o += 4)
                Outputs4(d + o, x + lane, points, g + o * Panel + lane, fresh);
        }
    }

    /// <summary>The few outputs of the last layer: <c>Y[p][c] = b[c] + Σ_i X[p][i]·W[c][i]</c>.</summary>
    /// <param name="x">The inputs in panels.</param>
    /// <param name="nextPanel">Floats from one panel of inputs to the next.</param>
    /// <param name="panels">Their number.</param>
    /// <param name="w">Shape [panels][outputs][32], zeros beyond the inputs.</param>
    /// <param name="outputs">A multiple of 4.</param>
    /// <param name="bias">One number for each output.</param>
    /// <param name="y">Shape [points][outputs].</param>
    /// <param name="points">A multiple of 4.</param>
    public static void Dot(float* x, nint nextPanel, int panels, float* w, int outputs, float* bias, float* y, int points)
    {
        for (int c = 0; c < outputs; c += 4)
        {
            for (int p = 0; p < points; p += 4)
                Dots4(x + p * Panel, nextPanel, panels, w + c * Panel, outputs * Panel, bias + c, y + p * outputs + c, outputs);
        }
    }

    /// <summary>Adds, for 32 outputs, the sums over points of their gradients, each point weighted by one number or by 1.</summary>
    /// <param name="d">The gradient in the outputs, shape [points][32].</param>
    /// <param name="weights">The number of point p at place 32·p; null for 1.</param>
    /// <param name="points">A multiple of 4.</param>
    /// <param name="g">32 numbers.</param>
    /// <param name="fresh">Whether to begin with zeros rather than with what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddRows(float* d, float* weights, int points, float* g, bool fresh)
    {
        for (int lane = 0; lane < Panel; lane += TLanes.Count)
        {
            TVector even = TLanes.Spread(0), odd = TLanes.Spread(0);
            for (int p = 0; p < points; p += 2)
            {
                var first = TLanes.Load(d + p * Panel + lane);
                var second = TLanes.Load(d + (p + 1) * Panel + lane);
                even = weights is null ? TLanes.Add(even, first) : TLanes.MultiplyAdd(TLanes.Spread(weights[p * Panel]), first, even);
                odd = weights is null ? TLanes.Add(odd, second) : TLanes.MultiplyAdd(TLanes.Spread(weights[(p + 1) * Panel]), second, odd);
            }

            var sum = TLanes.Add(even, odd);
            TLanes.Store(g + lane, fresh ? sum : TLanes.Add(TLanes.Load(g + lane), sum));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Points8(float* a, nint nextPanel, int inputs, float* w, float* bias, float* y, bool scale)
    {
        TVector b0 = bias is null ? TLanes.Spread(0) : TLanes.Load(bias), b1 = bias is null ? TLanes.Spread(0) : TLanes.Load(bias + TLanes.Count);
        TVector c00 = b0, c01 = b1;
        TVector c10 = b0, c11 = b1;
        TVector c20 = b0, c21 = b1;
        TVector c30 = b0, c31 = b1;
        TVector c40 = b0, c41 = b1;
        TVector c50 = b0, c51 = b1;
        TVector c60 = b0, c61 = b1;
        TVector c70 = b0, c71 = b1;
        for (int left = inputs; left > 0; left -= Panel, a += nextPanel - Panel)
        {
            int count = left < Panel ? left : Panel;
            for (float* end = a + count; a < end; a++, w += Panel)
            {
                TVector w0 = TLanes.Load(w), w1 = TLanes.Load(w + TLanes.Count);
                TVector s;
                s = TLanes.Spread(a[0 * Panel]);
                c00 = TLanes.MultiplyAdd(s, w0, c00);
                c01 = TLanes.MultiplyAdd(s, w1, c01);
                s = TLanes.Spread(a[1 * Panel]);
                c10 = TLanes.MultiplyAdd(s, w0, c10);
                c11 = TLanes.MultiplyAdd(s, w1, c11);
                s = TLanes.Spread(a[2 * Panel]);
                c20 = TLanes.MultiplyAdd(s, w0, c20);
                c21 = TLanes.MultiplyAdd(s, w1, c21);
                s = TLanes.Spread(a[3 * Panel]);
                c30 = TLanes.MultiplyAdd(s, w0, c30);
                c31 = TLanes.MultiplyAdd(s, w1, c31);
                s = TLanes.Spread(a[4 * Panel]);
                c40 = TLanes.MultiplyAdd(s, w0, c40);
                c41 = TLanes.MultiplyAdd(s, w1, c41);
                s = TLanes.Spread(a[5 * Panel]);
                c50 = TLanes.MultiplyAdd(s, w0, c50);
                c51 = TLanes.MultiplyAdd(s, w1, c51);
                s = TLanes.Spread(a[6 * Panel]);
                c60 = TLanes.MultiplyAdd(s, w0, c60);
                c61 = TLanes.MultiplyAdd(s, w1, c61);
                s = TLanes.Spread(a[7 * Panel]);
                c70 = TLanes.MultiplyAdd(s, w0, c70);
                c71 = TLanes.MultiplyAdd(s, w1, c71);
            }
        }

        if (scale)
        {
            c00 = TLanes.Multiply(c00, TLanes.Load(y + 0 * Panel));
            c01 = TLanes.Multiply(c01, TLanes.Load(y + 0 * Panel + TLanes.Count));
            c10 = TLanes.Multiply(c10, TLanes.Load(y + 1 * Panel));
            c11 = TLanes.Multiply(c11, TLanes.Load(y + 1 * Panel + TLanes.Count));
            c20 = TLanes.Multiply(c20, TLanes.Load(y + 2 * Panel));
            c21 = TLanes.Multiply(c21, TLanes.Load(y + 2 * Panel + TLanes.Count));
            c30 = TLanes.Multiply(c30, TLanes.Load(y + 3 * Panel));
            c31 = TLanes.Multiply(c31, TLanes.Load(y + 3 * Panel + TLanes.Count));
            c40 = TLanes.Multiply(c40, TLanes.Load(y + 4 * Panel));
            c41 = TLanes.Multiply(c41, TLanes.Load(y + 4 * Panel + TLanes.Count));
            c50 = TLanes.Multiply(c50, TLanes.Load(y + 5 * Panel));
            c51 = TLanes.Multiply(c51, TLanes.Load(y + 5 * Panel + TLanes.Count));
            c60 = TLanes.Multiply(c60, TLanes.Load(y + 6 * Panel));
            c61 = TLanes.Multiply(c61, TLanes.Load(y + 6 * Panel + TLanes.Count));
            c70 = TLanes.Multiply(c70, TLanes.Load(y + 7 * Panel));
            c71 = TLanes.Multiply(c71, TLanes.Load(y + 7 * Panel + TLanes.Count));
        }

        TLanes.Store(y + 0 * Panel, c00);
        TLanes.Store(y + 0 * Panel + TLanes.Count, c01);
        TLanes.Store(y + 1 * Panel, c10);
        TLanes.Store(y + 1 * Panel + TLanes.Count, c11);
        TLanes.Store(y + 2 * Panel, c20);
        TLanes.Store(y + 2 * Panel + TLanes.Count, c21);
        TLanes.Store(y + 3 * Panel, c30);
        TLanes.Store(y + 3 * Panel + TLanes.Count, c31);
        TLanes.Store(y + 4 * Panel, c40);
        TLanes.Store(y + 4 * Panel + TLanes.Count, c41);
        TLanes.Store(y + 5 * Panel, c50);
        TLanes.Store(y + 5 * Panel + TLanes.Count, c51);
        TLanes.Store(y + 6 * Panel, c60);
        TLanes.Store(y + 6 * Panel + TLanes.Count, c61);
        TLanes.Store(y + 7 * Panel, c70);
        TLanes.Store(y + 7 * Panel + TLanes.Count, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Points4(float* a, nint nextPanel, int inputs, float* w, float* bias, float* y, bool scale)
    {
        TVector b0 = bias is null ? TLanes.Spread(0) : TLanes.Load(bias), b1 = bias is null ? TLanes.Spread(0) : TLanes.Load(bias + TLanes.Count);
        TVector c00 = b0, c01 = b1;
        TVector c10 = b0, c11 = b1;
        TVector c20 = b0, c21 = b1;
        TVector c30 = b0, c31 = b1;
        for (int left = inputs; left > 0; left -= Panel, a += nextPanel - Panel)
        {
            int count = left < Panel ? left : Panel;
            for (float* end = a + count; a < end; a++, w += Panel)
            {
                TVector w0 = TLanes.Load(w), w1 = TLanes.Load(w + TLanes.Count);
                TVector s;
                s = TLanes.Spread(a[0 * Panel]);
                c00 = TLanes.MultiplyAdd(s, w0, c00);
                c01 = TLanes.MultiplyAdd(s, w1, c01);
                s = TLanes.Spread(a[1 * Panel]);
                c10 = TLanes.MultiplyAdd(s, w0, c10);
                c11 = TLanes.MultiplyAdd(s, w1, c11);
                s = TLanes.Spread(a[2 * Panel]);
                c20 = TLanes.MultiplyAdd(s, w0, c20);
                c21 = TLanes.MultiplyAdd(s, w1, c21);
                s = TLanes.Spread(a[3 * Panel]);
                c30 = TLanes.MultiplyAdd(s, w0, c30);
                c31 = TLanes.MultiplyAdd(s, w1, c31);
            }
        }

        if (scale)
        {
            c00 = TLanes.Multiply(c00, TLanes.Load(y + 0 * Panel));
            c01 = TLanes.Multiply(c01, TLanes.Load(y + 0 * Panel + TLanes.Count));
            c10 = TLanes.Multiply(c10, TLanes.Load(y + 1 * Panel));
            c11 = TLanes.Multiply(c11, TLanes.Load(y + 1 * Panel + TLanes.Count));
            c20 = TLanes.Multiply(c20, TLanes.Load(y + 2 * Panel));
            c21 = TLanes.Multiply(c21, TLanes.Load(y + 2 * Panel + TLanes.Count));
            c30 = TLanes.Multiply(c30, TLanes.Load(y + 3 * Panel));
            c31 = TLanes.Multiply(c31, TLanes.Load(y + 3 * Panel + TLanes.Count));
        }

        TLanes.Store(y + 0 * Panel, c00);
        TLanes.Store(y + 0 * Panel + TLanes.Count, c01);
        TLanes.Store(y + 1 * Panel, c10);
        TLanes.Store(y + 1 * Panel + TLanes.Count, c11);
        TLanes.Store(y + 2 * Panel, c20);
        TLanes.Store(y + 2 * Panel + TLanes.Count, c21);
        TLanes.Store(y + 3 * Panel, c30);
        TLanes.Store(y + 3 * Panel + TLanes.Count, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Outputs8(float* d, float* x, int points, float* g, bool fresh)
    {
        TVector c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        if (fresh)
        {
            c00 = c01 = TLanes.Spread(0);
            c10 = c11 = TLanes.Spread(0);
            c20 = c21 = TLanes.Spread(0);
            c30 = c31 = TLanes.Spread(0);
            c40 = c41 = TLanes.Spread(0);
            c50 = c51 = TLanes.Spread(0);
            c60 = c61 = TLanes.Spread(0);
            c70 = c71 = TLanes.Spread(0);
        }
        else
        {
            c00 = TLanes.Load(g + 0 * Panel);
            c01 = TLanes.Load(g + 0 * Panel + TLanes.Count);
            c10 = TLanes.Load(g + 1 * Panel);
            c11 = TLanes.Load(g + 1 * Panel + TLanes.Count);
            c20 = TLanes.Load(g + 2 * Panel);
            c21 = TLanes.Load(g + 2 * Panel + TLanes.Count);
            c30 = TLanes.Load(g + 3 * Panel);
            c31 = TLanes.Load(g + 3 * Panel + TLanes.Count);
            c40 = TLanes.Load(g + 4 * Panel);
            c41 = TLanes.Load(g + 4 * Panel + TLanes.Count);
            c50 = TLanes.Load(g + 5 * Panel);
            c51 = TLanes.Load(g + 5 * Panel + TLanes.Count);
            c60 = TLanes.Load(g + 6 * Panel);
            c61 = TLanes.Load(g + 6 * Panel + TLanes.Count);
            c70 = TLanes.Load(g + 7 * Panel);
            c71 = TLanes.Load(g + 7 * Panel + TLanes.Count);
        }

        for (float* end = x + points * Panel; x < end; x += Panel, d += Panel)
        {
            TVector x0 = TLanes.Load(x), x1 = TLanes.Load(x + TLanes.Count);
            TVector s;
            s = TLanes.Spread(d[0]);
            c00 = TLanes.MultiplyAdd(s, x0, c00);
            c01 = TLanes.MultiplyAdd(s, x1, c01);
            s = TLanes.Spread(d[1]);
            c10 = TLanes.MultiplyAdd(s, x0, c10);
            c11 = TLanes.MultiplyAdd(s, x1, c11);
            s = TLanes.Spread(d[2]);
            c20 = TLanes.MultiplyAdd(s, x0, c20);
            c21 = TLanes.MultiplyAdd(s, x1, c21);
            s = TLanes.Spread(d[3]);
            c30 = TLanes.MultiplyAdd(s, x0, c30);
            c31 = TLanes.MultiplyAdd(s, x1, c31);
            s = TLanes.Spread(d[4]);
            c40 = TLanes.MultiplyAdd(s, x0, c40);
            c41 = TLanes.MultiplyAdd(s, x1, c41);
            s = TLanes.Spread(d[5]);
            c50 = TLanes.MultiplyAdd(s, x0, c50);
            c51 = TLanes.MultiplyAdd(s, x1, c51);
            s = TLanes.Spread(d[6]);
            c60 = TLanes.MultiplyAdd(s, x0, c60);
            c61 = TLanes.MultiplyAdd(s, x1, c61);
            s = TLanes.Spread(d[7]);
            c70 = TLanes.MultiplyAdd(s, x0, c70);
            c71 = TLanes.MultiplyAdd(s, x1, c71);
        }

        TLanes.Store(g + 0 * Panel, c00);
        TLanes.Store(g + 0 * Panel + TLanes.Count, c01);
        TLanes.Store(g + 1 * Panel, c10);
        TLanes.Store(g + 1 * Panel + TLanes.Count, c11);
        TLanes.Store(g + 2 * Panel, c20);
        TLanes.Store(g + 2 * Panel + TLanes.Count, c21);
        TLanes.Store(g + 3 * Panel, c30);
        TLanes.Store(g + 3 * Panel + TLanes.Count, c31);
        TLanes.Store(g + 4 * Panel, c40);
        TLanes.Store(g + 4 * Panel + TLanes.Count, c41);
        TLanes.Store(g + 5 * Panel, c50);
        TLanes.Store(g + 5 * Panel + TLanes.Count, c51);
        TLanes.Store(g + 6 * Panel, c60);
        TLanes.Store(g + 6 * Panel + TLanes.Count, c61);
        TLanes.Store(g + 7 * Panel, c70);
        TLanes.Store(g + 7 * Panel + TLanes.Count, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Outputs4(float* d, float* x, int points, float* g, bool fresh)
    {
        TVector c00, c01, c10, c11, c20, c21, c30, c31;
        if (fresh)
        {
            c00 = c01 = TLanes.Spread(0);
            c10 = c11 = TLanes.Spread(0);
            c20 = c21 = TLanes.Spread(0);
            c30 = c31 = TLanes.Spread(0);
        }
        else
        {
            c00 = TLanes.Load(g + 0 * Panel);
            c01 = TLanes.Load(g + 0 * Panel + TLanes.Count);
            c10 = TLanes.Load(g + 1 * Panel);
            c11 = TLanes.Load(g + 1 * Panel + TLanes.Count);
            c20 = TLanes.Load(g + 2 * Panel);
            c21 = TLanes.Load(g + 2 * Panel + TLanes.Count);
            c30 = TLanes.Load(g + 3 * Panel);
            c31 = TLanes.Load(g + 3 * Panel + TLanes.Count);
        }

        for (float* end = x + points * Panel; x < end; x += Panel, d += Panel)
        {
            TVector x0 = TLanes.Load(x), x1 = TLanes.Load(x + TLanes.Count);
            TVector s;
            s = TLanes.Spread(d[0]);
            c00 = TLanes.MultiplyAdd(s, x0, c00);
            c01 = TLanes.MultiplyAdd(s, x1, c01);
            s = TLanes.Spread(d[1]);
            c10 = TLanes.MultiplyAdd(s, x0, c10);
            c11 = TLanes.MultiplyAdd(s, x1, c11);
            s = TLanes.Spread(d[2]);
            c20 = TLanes.MultiplyAdd(s, x0, c20);
            c21 = TLanes.MultiplyAdd(s, x1, c21);
            s = TLanes.Spread(d[3]);
            c30 = TLanes.MultiplyAdd(s, x0, c30);
            c31 = TLanes.MultiplyAdd(s, x1, c31);
        }

        TLanes.Store(g + 0 * Panel, c00);
        TLanes.Store(g + 0 * Panel + TLanes.Count, c01);
        TLanes.Store(g + 1 * Panel, c10);
        TLanes.Store(g + 1 * Panel + TLanes.Count, c11);
        TLanes.Store(g + 2 * Panel, c20);
        TLanes.Store(g + 2 * Panel + TLanes.Count, c21);
        TLanes.Store(g + 3 * Panel, c30);
        TLanes.Store(g + 3 * Panel + TLanes.Count, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dots4(float* a, nint nextPanel, int panels, float* w, nint nextWeights, float* bias, float* y, int stride)
    {
        var zero = TLanes.Spread(0);
        TVector c00 = zero, c01 = zero, c02 = zero, c03 = zero, c10 = zero, c11 = zero, c12 = zero, c13 = zero, c20 = zero, c21 = zero, c22 = zero, c23 = zero, c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        for (int left = panels; left > 0; left--, a += nextPanel - Panel, w += nextWeights - Panel)
        {
            for (float* end = a + Panel; a < end; a += TLanes.Count, w += TLanes.Count)
            {
                TVector x;
                var w0 = TLanes.Load(w + 0 * Panel);
                var w1 = TLanes.Load(w + 1 * Panel);
                var w2 = TLanes.Load(w + 2 * Panel);
                var w3 = TLanes.Load(w + 3 * Panel);
                x = TLanes.Load(a + 0 * Panel);
                c00 = TLanes.MultiplyAdd(x, w0, c00);
                c01 = TLanes.MultiplyAdd(x, w1, c01);
                c02 = TLanes.MultiplyAdd(x, w2, c02);
                c03 = TLanes.MultiplyAdd(x, w3, c03);
                x = TLanes.Load(a + 1 * Panel);
                c10 = TLanes.MultiplyAdd(x, w0, c10);
                c11 = TLanes.MultiplyAdd(x, w1, c11);
                c12 = TLanes.MultiplyAdd(x, w2, c12);
                c13 = TLanes.MultiplyAdd(x, w3, c13);
                x = TLanes.Load(a + 2 * Panel);
                c20 = TLanes.MultiplyAdd(x, w0, c20);
                c21 = TLanes.MultiplyAdd(x, w1, c21);
                c22 = TLanes.MultiplyAdd(x, w2, c22);
                c23 = TLanes.MultiplyAdd(x, w3, c23);
                x = TLanes.Load(a + 3 * Panel);
                c30 = TLanes.MultiplyAdd(x, w0, c30);
                c31 = TLanes.MultiplyAdd(x, w1, c31);
                c32 = TLanes.MultiplyAdd(x, w2, c32);
                c33 = TLanes.MultiplyAdd(x, w3, c33);
            }
        }

        y[0 * stride + 0] = TLanes.Sum(c00) + bias[0];
        y[0 * stride + 1] = TLanes.Sum(c01) + bias[1];
        y[0 * stride + 2] = TLanes.Sum(c02) + bias[2];
        y[0 * stride + 3] = TLanes.Sum(c03) + bias[3];
        y[1 * stride + 0] = TLanes.Sum(c10) + bias[0];
        y[1 * stride + 1] = TLanes.Sum(c11) + bias[1];
        y[1 * stride + 2] = TLanes.Sum(c12) + bias[2];
        y[1 * stride + 3] = TLanes.Sum(c13) + bias[3];
        y[2 * stride + 0] = TLanes.Sum(c20) + bias[0];
        y[2 * stride + 1] = TLanes.Sum(c21) + bias[1];
        y[2 * stride + 2] = TLanes.Sum(c22) + bias[2];
        y[2 * stride + 3] = TLanes.Sum(c23) + bias[3];
        y[3 * stride + 0] = TLanes.Sum(c30) + bias[0];
        y[3 * stride + 1] = TLanes.Sum(c31) + bias[1];
        y[3 * stride + 2] = TLanes.Sum(c32) + bias[2];
        y[3 * stride + 3] = TLanes.Sum(c33) + bias[3];
    }
}
