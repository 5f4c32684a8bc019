using System.Globalization;

namespace ToolBackend.Core.Speech;

/// <summary>
/// Letters without their accents, for comparing names: "González" and "Nguyễn" as "gonzalez" and "nguyen". The products run without ICU,
/// where <see cref="string.Normalize()"/> leaves everything beyond ASCII as it is; so Latin letters have a table here.
/// </summary>
public static class PlainLetters
{
    private const char None = '.';

    /// <summary>From U+00C0 and from U+1E00 (Vietnamese and others): the plain letter at each place.</summary>
    private const string Latin =
        "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
        + "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnn.nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
        + "................................oo.............uu...................dddlllnnnaaiioouuuuuuuuuu.aa"
        + "aa....ggkkoooo..jdddgg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
        + "................";

    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
        + "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas..s.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    /// <summary>The plain lower-case letter; any other character in lower case.</summary>
    public static char Of(char c)
    {
        var plain = c switch
        {
            >= '\u00C0' and < '\u0250' => Latin[c - '\u00C0'],
            >= '\u1E00' and < '\u1F00' => LatinAdditional[c - '\u1E00'],
            _ => None,
        };
        return plain is None ? char.ToLowerInvariant(c) : plain;
    }

    /// <summary>What does not count inside a word: apostrophes, and accents that stand as characters of their own.</summary>
    public static bool IsSilent(char c) => c is '\'' or '\u2018' or '\u2019' or '\u02BC' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark;
}
