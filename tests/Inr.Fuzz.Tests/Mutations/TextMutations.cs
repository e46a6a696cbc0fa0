using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations of JSON and of text like it: the numbers, words and fields of a header.</summary>
internal static partial class TextMutations
{
    private static readonly string[] Words = ["null", "true", "false", "\"\"", "[]", "{}", "[null]", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "1e400", "-0.0", "NaN", "Infinity", "\"\\ud800\"", "\"\\u0000\"", "\"NaN\"", "1e5", "\"../../x\"", "\"1\""];

    /// <summary>Changes text, which is read and written as Latin-1 so that every byte survives.</summary>
    public static byte[] Apply(byte[] text, Random random) => Encoding.Latin1.GetBytes(Apply(Encoding.Latin1.GetString(text), random));

    /// <summary>One change, or up to three.</summary>
    public static string Apply(string text, Random random)
    {
        for (int changes = random.Next(2) == 0 ? 1 : random.Next(2, 4); changes > 0; changes--)
        {
            text = random.Next(8) switch
            {
                0 or 1 or 2 => Replace(Number(), text, random, NumberText),
                3 => Replace(Value(), text, random, r => Words[r.Next(Words.Length)]),
                4 => Replace(Value(), text, random, NumberText),
                5 => Replace(Field(), text, random, _ => ""),
                6 => Repeat(Field(), text, random),
                _ => Swap(text, random),
            };
        }

        return text;
    }

    private static string NumberText(Random random) => random.Next(3) switch
    {
        0 => random.Next(-3, 20).ToString(CultureInfo.InvariantCulture),
        1 => ByteMutations.InterestingNumber(random).ToString(CultureInfo.InvariantCulture),
        _ => (Math.Pow(10, random.Next(-320, 309)) * random.NextDouble()).ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Replace(Regex pattern, string text, Random random, Func<Random, string> by)
    {
        var found = pattern.Matches(text);
        if (found.Count == 0)
            return text;
        var one = found[random.Next(found.Count)];
        return text[..one.Index] + by(random) + text[(one.Index + one.Length)..];
    }

    private static string Repeat(Regex pattern, string text, Random random)
    {
        var found = pattern.Matches(text);
        if (found.Count == 0)
            return text;
        var one = found[random.Next(found.Count)];
        return text[..one.Index] + one.Value + text[one.Index..];
    }

    private static string Swap(string text, Random random)
    {
        var found = Value().Matches(text);
        if (found.Count < 2)
            return text;
        var (a, b) = (found[random.Next(found.Count)], found[random.Next(found.Count)]);
        if (a.Index > b.Index)
            (a, b) = (b, a);
        return a.Index == b.Index ? text : text[..a.Index] + b.Value + text[(a.Index + a.Length)..b.Index] + a.Value + text[(b.Index + b.Length)..];
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex("""\\?"[^"\\]*\\?"|-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false|null|\[[^\[\]{}]*\]""")]
    private static partial Regex Value();

    [GeneratedRegex("""\\?["'][^"'\\]*\\?["']\s*:\s*[^,{}\[\]]*,?""")]
    private static partial Regex Field();
}
