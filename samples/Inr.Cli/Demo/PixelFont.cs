namespace Inr.Cli.Demo;

/// <summary>Letters of 5×9 pixels for captions: lower case, digits and a little punctuation.</summary>
internal static class PixelFont
{
    /// <summary>The rows of a letter.</summary>
    public const int Height = 9;

    /// <summary>The columns of a letter.</summary>
    public const int Width = 5;

    // Two hexadecimal digits per row, from the top; the lowest five bits are the columns from left to right. Rows that are
    // left out are empty: only descenders have the last two.
    private static readonly Dictionary<char, byte[]> Letters = new()
    {
        ['.'] = Convert.FromHexString("0000000000000C"),
        [','] = Convert.FromHexString("00000000000C0408"),
        ['-'] = Convert.FromHexString("0000000E000000"),
        ['0'] = Convert.FromHexString("0E11131519110E"),
        ['1'] = Convert.FromHexString("040C040404040E"),
        ['2'] = Convert.FromHexString("0E11010204081F"),
        ['3'] = Convert.FromHexString("1F02040201110E"),
        ['4'] = Convert.FromHexString("02060A121F0202"),
        ['5'] = Convert.FromHexString("1F101E0101110E"),
        ['6'] = Convert.FromHexString("0608101E11110E"),
        ['7'] = Convert.FromHexString("1F010204040404"),
        ['8'] = Convert.FromHexString("0E11110E11110E"),
        ['9'] = Convert.FromHexString("0E11110F01020C"),
        ['B'] = Convert.FromHexString("1E11111E11111E"),
        ['a'] = Convert.FromHexString("00000E010F110F"),
        ['b'] = Convert.FromHexString("10101E1111111E"),
        ['c'] = Convert.FromHexString("00000E1010110E"),
        ['d'] = Convert.FromHexString("01010F1111110F"),
        ['e'] = Convert.FromHexString("00000E111F100E"),
        ['f'] = Convert.FromHexString("0609081C080808"),
        ['g'] = Convert.FromHexString("00000F1111110F010E"),
        ['h'] = Convert.FromHexString("10101619111111"),
        ['i'] = Convert.FromHexString("04000C0404040E"),
        ['j'] = Convert.FromHexString("02000602020202120C"),
        ['k'] = Convert.FromHexString("10101214181412"),
        ['l'] = Convert.FromHexString("0C04040404040E"),
        ['m'] = Convert.FromHexString("00001A15151111"),
        ['n'] = Convert.FromHexString("00001619111111"),
        ['o'] = Convert.FromHexString("00000E1111110E"),
        ['p'] = Convert.FromHexString("00001E1111111E1010"),
        ['q'] = Convert.FromHexString("00000F1111110F0101"),
        ['r'] = Convert.FromHexString("00001619101010"),
        ['s'] = Convert.FromHexString("00000F100E011E"),
        ['t'] = Convert.FromHexString("08081C08080906"),
        ['u'] = Convert.FromHexString("0000111111130D"),
        ['v'] = Convert.FromHexString("00001111110A04"),
        ['w'] = Convert.FromHexString("0000111115150A"),
        ['x'] = Convert.FromHexString("0000110A040A11"),
        ['y'] = Convert.FromHexString("0000111111110F010E"),
        ['z'] = Convert.FromHexString("00001F0204081F"),
    };

    /// <summary>Whether a pixel of a letter is black; no pixel is of a letter that is not known.</summary>
    public static bool IsSet(char letter, int row, int column) =>
        Letters.TryGetValue(letter, out var rows) && row < rows.Length && (rows[row] >> (Width - 1 - column) & 1) != 0;
}
