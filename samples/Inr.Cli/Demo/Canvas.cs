namespace Inr.Cli.Demo;

/// <summary>A white picture to draw pictures and captions on.</summary>
internal sealed class Canvas
{
    /// <summary>The pixels that a line of text takes, with its margin.</summary>
    public const int LabelHeight = 24;

    private const int Channels = 3;
    private const int TextScale = 2;

    private readonly int _height;
    private readonly int _width;
    private readonly float[] _values;

    /// <param name="height">The number of rows.</param>
    /// <param name="width">The number of columns.</param>
    public Canvas(int height, int width)
    {
        _height = height;
        _width = width;
        _values = new float[height * width * Channels];
        Array.Fill(_values, 1);
    }

    /// <summary>Draws an RGB picture.</summary>
    public void Draw(Signal picture, int top, int left) => DrawEnlarged(picture, 0, 0, picture.Height(), picture.Width(), 1, top, left);

    /// <summary>Draws a part of an RGB picture, each pixel as a square.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="fromTop">The first row of the part.</param>
    /// <param name="fromLeft">The first column of the part.</param>
    /// <param name="height">The rows of the part.</param>
    /// <param name="width">The columns of the part.</param>
    /// <param name="scale">The side of the squares.</param>
    /// <param name="top">Where the part goes.</param>
    /// <param name="left">Where the part goes.</param>
    public void DrawEnlarged(Signal picture, int fromTop, int fromLeft, int height, int width, int scale, int top, int left)
    {
        byte[] pixels = picture.ToPixels8();
        int stride = picture.Width() * Channels;
        for (int y = 0; y < height * scale; y++)
        {
            for (int x = 0; x < width * scale; x++)
            {
                var pixel = pixels.AsSpan((fromTop + y / scale) * stride + (fromLeft + x / scale) * Channels, Channels);
                for (int c = 0; c < Channels; c++)
                    _values[At(top + y, left + x) + c] = pixel[c] / 255f;
            }
        }
    }

    /// <summary>Writes a line of text in black; what does not fit is cut off.</summary>
    public void Write(string text, int top, int left)
    {
        foreach (char letter in text)
        {
            for (int y = 0; y < PixelFont.Height * TextScale; y++)
            {
                for (int x = 0; x < PixelFont.Width * TextScale && left + x < _width; x++)
                {
                    if (PixelFont.IsSet(letter, y / TextScale, x / TextScale))
                        _values.AsSpan(At(top + y, left + x), Channels).Clear();
                }
            }

            left += (PixelFont.Width + 1) * TextScale;
        }
    }

    /// <summary>Saves the picture as PNG.</summary>
    public void Save(string path)
    {
        using var signal = Signal.FromGrid(_values, [_height, _width], Channels);
        signal.SavePng(path);
    }

    private int At(int row, int column) => (row * _width + column) * Channels;
}
