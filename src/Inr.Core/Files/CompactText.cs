using System.Text;

namespace Inr.Files;

/// <summary>A short text in few bytes: a model that has read an example of every usual header foretells the next byte.</summary>
/// <remarks>
/// The last place with the same five (else three) bytes before it, in the text so far with the examples in front of it, is asked for the next byte.
/// Each bit of it is coded by how many bytes that place has agreed and which bit it expects; where there is none, or a bit was another one, by
/// the byte before and the bits so far. The counters have coded the examples first. The examples are part of the format.
/// </remarks>
internal sealed class CompactText
{
    /// <summary>The most bytes of a text.</summary>
    public const int Longest = (1 << LengthBits) - 1;

    private const int LengthBits = 16;
    private const int LongestAgreement = 15;
    private const int LongContext = 5;
    private const int ShortContext = 3;

    // Whatever changes here changes the format.
    private const string Examples =
        """
        {"target":"nerf-mlp","options":{"width":128,"depth":6,"encodingSize":40,"directionEncodingSize":24},"domain":{"scattered":3}}
        {"target":"piecewise-fourier","options":{"grid":[512,768],"channels":3,"minSide":4,"maxSide":64,"nodes":6000,"prefixes":9000,"extraCounts":0,"extras":0,"cuts":0,"coefficients":50000,"indicatorWidth":0,"curvatures":0},"domain":{"grid":[512,768]},"samples":{"bits":8}}
        {"target":"partition-fourier","options":{"grid":[256,256],"channels":3,"partition":"PowerDiagram","cells":64,"levelTerms":4,"coefficients":2000},"domain":{"grid":[256,256]},"samples":{"bits":16}}
        {"target":"block-cosine","options":{"grid":[512,768],"channels":3,"side":8,"coefficients":20000},"domain":{"grid":[768,512]},"samples":{"bits":16,"rate":44100}}
        {"target":"cell-fourier","options":{"inputDimension":2,"outputDimension":3,"partition":"power-diagram","cells":64,"levelTerms":4,"terms":24,"basis":"Cosine","extensionFactor":1.5,"indicatorWidth":0.02},"domain":{"grid":[128,128]}}
        {"target":"relu-mlp","options":{"inputs":2,"outputs":3,"width":256,"depth":5,"encodingSize":40,"maxFrequency":8,"outputOffset":0.5},"domain":{"grid":[178,178]},"samples":{"bits":8}}
        {"target":"fourier-mlp","options":{"inputs":2,"outputs":3,"width":256,"depth":4,"frequencies":128,"sigma":10,"sigmoidOutput":true,"outputOffset":0},"domain":{"grid":[64,64]}}
        {"target":"perceptron","options":{"inputs":2,"outputs":3,"encoding":{"kind":"gaussian","frequencies":64,"sigma":10},"hiddenWidths":[48,48,48],"first":{"activation":"finer","omega":30},"hidden":{"activation":"gauss","omega":10},"outputOffset":0,"output":"Sigmoid"},"domain":{"grid":[768,512]}}
        {"target":"perceptron","options":{"inputs":2,"outputs":3,"encoding":{"kind":"none"},"hiddenWidths":[128,128,128,128,128],"first":{"activation":"relu","omega":1},"hidden":{"activation":"tanh","omega":1},"outputOffset":0,"output":"Linear"},"domain":{"grid":[512,512]},"samples":{"bits":8}}
        {"target":"siren","options":{"inputs":1,"outputs":1,"width":128,"hiddenLayers":4,"firstOmega":3000,"hiddenOmega":30,"outputOffset":0},"domain":{"grid":[48000]},"samples":{"bits":32,"float":true,"rate":48000}}
        {"target":"perceptron","options":{"inputs":2,"outputs":3,"encoding":{"kind":"positional","size":64,"maxFrequency":8},"hiddenWidths":[32,32,32,32],"first":{"activation":"sine","omega":30},"hidden":{"activation":"sine","omega":30},"outputOffset":0.5,"output":"Linear"},"domain":{"grid":[768,512]},"samples":{"bits":8}}
        {"target":"siren","options":{"inputs":2,"outputs":3,"width":28,"hiddenLayers":9,"firstOmega":30,"hiddenOmega":30,"outputOffset":0.5},"domain":{"grid":[512,768]},"samples":{"bits":8}}

        """;

    private readonly List<byte> _text = [];
    private readonly Dictionary<ulong, int> _places = [];

    // By the length of the agreement and whether the bit is expected to be 1; and by the byte before and the bits so far.
    private readonly BitCounter[] _agreed = new BitCounter[2 * (LongestAgreement + 1)];
    private readonly BitCounter[] _single = new BitCounter[256 * 256];
    private int _match = -1;
    private int _agreement;

    private CompactText()
    {
        var writer = new RangeWriter();
        foreach (byte next in Encoding.UTF8.GetBytes(Examples.ReplaceLineEndings("\n")))
            Code(writer, next);
    }

    /// <summary>Writes a text.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static byte[] Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > Longest)
            throw new ArgumentException($"The text has {bytes.Length} bytes; a compact one has at most {Longest}.", nameof(text));
        var model = new CompactText();
        var writer = new RangeWriter();
        foreach (byte next in bytes)
            model.Code(writer, next);
        // No text holds a byte of 0.
        model.Code(writer, 0);
        return writer.Finish();
    }

    /// <summary>The inverse of <see cref="Write"/>.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static string Read(ReadOnlyMemory<byte> bytes)
    {
        var model = new CompactText();
        var reader = new RangeReader(bytes);
        int start = model._text.Count;
        while (model.Code(reader, 0) != 0)
        {
            if (model._text.Count - start > Longest)
                throw new FormatException("its description is too long.");
        }

        reader.RequireEnd();
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. model._text[start..^1]]);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("its description is no text.", e);
        }
    }

    private byte Code<T>(T coder, byte next)
        where T : IBinaryCoder
    {
        int before = _text.Count > 0 ? _text[^1] : 0, node = 1;
        for (int i = 7; i >= 0; i--)
        {
            int expected = _match < 0 ? -1 : (_text[_match] >> i) & 1, bit = (next >> i) & 1;
            ref var counter = ref expected < 0 ? ref _single[(256 * before) + node] : ref _agreed[(2 * Math.Min(_agreement, LongestAgreement)) + expected];
            bit = coder.Code(bit, ref counter);
            if (expected >= 0 && bit != expected)
                _match = -1;
            node = (2 * node) + bit;
        }

        Append((byte)node);
        return (byte)node;
    }

    private void Append(byte next)
    {
        _text.Add(next);
        int end = _text.Count;
        if (_match >= 0)
            (_match, _agreement) = (_match + 1, _agreement + 1);
        ulong last = 0;
        for (int i = 1; i <= LongContext && i <= end; i++)
        {
            last |= (ulong)_text[end - i] << (8 * i);
            if (i is not (ShortContext or LongContext))
                continue;
            ulong key = last | (uint)i;
            // A place that goes on agreeing is kept; of new ones, that of the longer context is taken.
            if (_places.TryGetValue(key, out int place) && (_match < 0 || (_agreement < i)))
                (_match, _agreement) = (place, i);
            _places[key] = end;
        }
    }
}
