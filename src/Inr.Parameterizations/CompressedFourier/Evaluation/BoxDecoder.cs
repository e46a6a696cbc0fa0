using System.Numerics;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Makes the samples of boxes from levels, one box after another.</summary>
internal sealed class BoxDecoder(SampleCanvas canvas)
{
    private readonly BoxPrediction _prediction = new();
    private readonly CosineTransform _transform = new();
    private readonly float[] _coefficients = new float[1 << 12];
    private readonly float[] _samples = new float[1 << 12];
    private readonly float[] _predicted = new float[1 << 12];

    /// <summary>All samples of a picture, in units of the step.</summary>
    public static SampleCanvas Decode(ParsedPicture picture)
    {
        var header = picture.Header;
        var canvas = new SampleCanvas(header);
        var decoder = new BoxDecoder(canvas);
        int at = 0, part = 0;
        foreach (var box in picture.Boxes)
        {
            if (box.IsExact)
            {
                decoder.Exact(box.Place, picture.Colors!);
                part += header.Channels;
                continue;
            }

            int firstAt = at, firstCount = picture.Counts[part];
            for (int channel = 0; channel < header.Channels; channel++, part++)
            {
                int count = picture.Counts[part];
                decoder.Gather(box.Place.Area, 1, picture.Places.Slice(at, count), picture.Levels.Slice(at, count), clear: true);
                if (picture.Links[part] > 0)
                    decoder.Gather(box.Place.Area, ChannelLink.Factor(picture.Links[part]), picture.Places.Slice(firstAt, firstCount), picture.Levels.Slice(firstAt, firstCount), clear: false);
                decoder.Add(box.Place, channel, header.Rules.Predicts ? box.Mode : -1, count > 0 || picture.Links[part] > 0);
                at += count;
            }

            canvas.Finish(box.Place);
        }

        return canvas;
    }

    /// <summary>The samples with all layers, in units of the coarse step; boxes are predicted without them.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="canvas">Its samples without them, which stay.</param>
    public static SampleCanvas Refine(ParsedPicture picture, SampleCanvas canvas)
    {
        var refined = new SampleCanvas(picture.Header);
        for (int i = 0; i < canvas.Planes.Length; i++)
            canvas.Planes[i].CopyTo(refined.Planes[i], 0);
        var transform = new CosineTransform();
        float[] coefficients = new float[1 << 12], samples = new float[1 << 12], before = new float[1 << 12];
        int[] at = new int[picture.Layers.Count];
        int part = 0;
        foreach (var (place, _, _) in picture.Boxes)
        {
            for (int channel = 0; channel < canvas.Planes.Length; channel++, part++)
            {
                bool any = false;
                for (int i = 0; i < at.Length; i++)
                {
                    var layer = picture.Layers[i];
                    int count = part < layer.Counts.Length ? layer.Counts[part] : 0;
                    if (count > 0 && !any)
                        Array.Clear(coefficients, 0, place.Area);
                    any |= count > 0;
                    for (int end = at[i] + count; at[i] < end; at[i]++)
                        coefficients[layer.Places[at[i]]] += layer.Levels[at[i]] / (float)(2 << i);
                }

                if (!any)
                    continue;
                transform.Inverse(coefficients.AsSpan(0, place.Area), samples, place.LogWidth, place.LogHeight);
                refined.Take(channel, place, before);
                Add(before.AsSpan(0, place.Area), samples.AsSpan(0, place.Area));
                refined.Put(channel, place, before);
            }
        }

        return refined;
    }

    private void Exact(BoxPlace place, ExactPlane colors)
    {
        for (int channel = 0; channel < canvas.Planes.Length; channel++)
        {
            ExactColors.Take(canvas.Header, colors, place, channel, _samples);
            canvas.Put(channel, place, _samples);
        }

        canvas.Finish(place);
    }

    private void Gather(int area, float factor, ReadOnlySpan<ushort> places, ReadOnlySpan<int> levels, bool clear)
    {
        if (clear)
            _coefficients.AsSpan(0, area).Clear();
        for (int i = 0; i < places.Length; i++)
            _coefficients[places[i]] += factor * levels[i];
    }

    private void Add(BoxPlace place, int channel, int mode, bool any)
    {
        int area = place.Area;
        var samples = _samples.AsSpan(0, area);
        if (any)
            _transform.Inverse(_coefficients.AsSpan(0, area), samples, place.LogWidth, place.LogHeight);
        else
            samples.Clear();
        if (mode >= 0)
        {
            _prediction.Begin(canvas.Planes[channel], canvas.Stride, place, canvas.Above(place), canvas.Beside(place));
            _prediction.Predict(mode, _predicted);
            Add(samples, _predicted.AsSpan(0, area));
        }

        canvas.Put(channel, place, samples);
    }

    /// <summary>Adds numbers to numbers.</summary>
    public static void Add(Span<float> to, ReadOnlySpan<float> from)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= to.Length; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) + new Vector<float>(from[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] += from[i];
    }
}
