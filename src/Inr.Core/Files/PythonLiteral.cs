using System.Globalization;

namespace Inr.Files;

/// <summary>Parses the one Python expression that NPY headers are: a flat dictionary of strings, booleans and tuples of sizes.</summary>
internal ref struct PythonLiteral
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private PythonLiteral(string text) => _text = text;

    /// <summary>Parses a dictionary whose values are <see cref="string"/>, <see cref="bool"/> or <c>long[]</c>.</summary>
    /// <exception cref="FormatException">The text is anything else, or a key occurs twice.</exception>
    public static Dictionary<string, object> ParseDictionary(string text)
    {
        var parser = new PythonLiteral(text);
        var fields = new Dictionary<string, object>(StringComparer.Ordinal);
        parser.Require('{');
        while (!parser.Accept('}'))
        {
            string key = parser.ReadString();
            parser.Require(':');
            if (!fields.TryAdd(key, parser.ReadValue()))
                throw new FormatException("a field occurs twice.");
            if (parser.Accept(','))
                continue;
            parser.Require('}');
            break;
        }

        parser.SkipSpace();
        return parser._position == text.Length ? fields : throw parser.Unexpected();
    }

    private object ReadValue()
    {
        SkipSpace();
        if (AcceptWord("True"))
            return true;
        if (AcceptWord("False"))
            return false;
        // numpy writes the type of a record as a list of its fields.
        if (_position < _text.Length && _text[_position] == '[')
            throw new FormatException($"{Unexpected().Message} Arrays of records are not read; save each field as an array of its own.");
        return Accept('(') ? ReadTuple() : ReadString();
    }

    private string ReadString()
    {
        SkipSpace();
        if (_position == _text.Length || _text[_position] is not ('\'' or '"'))
            throw Unexpected();
        char quote = _text[_position++];
        int length = _text[_position..].IndexOf(quote);
        if (length < 0)
            throw new FormatException("a string does not end.");
        string value = _text.Slice(_position, length).ToString();
        _position += length + 1;
        return value;
    }

    private long[] ReadTuple()
    {
        var numbers = new List<long>();
        while (!Accept(')'))
        {
            numbers.Add(ReadNumber());
            if (Accept(','))
                continue;
            // In Python, (3) is a number and (3,) is a tuple.
            if (numbers.Count == 1)
                throw Unexpected();
            Require(')');
            break;
        }

        return [.. numbers];
    }

    private long ReadNumber()
    {
        SkipSpace();
        var rest = _text[_position..];
        int length = rest.IndexOfAnyExceptInRange('0', '9');
        if (length < 0)
            length = rest.Length;
        if (!long.TryParse(rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            throw new FormatException("a size is not a whole number from 0 to 2^63-1.");
        _position += length;
        // How Python 2 wrote long sizes.
        if (_position < _text.Length && _text[_position] == 'L')
            _position++;
        return number;
    }

    private bool Accept(char c)
    {
        SkipSpace();
        if (_position == _text.Length || _text[_position] != c)
            return false;
        _position++;
        return true;
    }

    private bool AcceptWord(string word)
    {
        if (!_text[_position..].StartsWith(word, StringComparison.Ordinal))
            return false;
        _position += word.Length;
        return true;
    }

    private void Require(char c)
    {
        if (!Accept(c))
            throw Unexpected();
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\n')
            _position++;
    }

    private readonly FormatException Unexpected() => new(_position < _text.Length
        ? $"unexpected text at character {_position}."
        : "it ends too early.");
}
