namespace ToolBackend.Core.Observability.Digits;

internal enum DigitWordKind
{
    /// <summary>Ends a number.</summary>
    Other,

    /// <summary>0 to 9.</summary>
    Digit,

    /// <summary>10 to 19.</summary>
    Teen,

    /// <summary>20, 30, ... 90; a digit may follow and belong to it.</summary>
    Tens,

    /// <summary>"double", "triple": the next digit counts that often.</summary>
    Times,

    /// <summary>Said between the digits of one number.</summary>
    Filler,
}

/// <summary>English words with which a number is read out.</summary>
internal static class DigitWords
{
    private const int Longest = 9;

    public static (DigitWordKind Kind, int Value) Of(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest)
        {
            return (DigitWordKind.Other, 0);
        }

        Span<char> lower = stackalloc char[Longest];
        var length = word.ToLowerInvariant(lower);
        return lower[..length] switch
        {
            "zero" or "oh" or "o" or "nought" or "naught" => (DigitWordKind.Digit, 0),
            "one" => (DigitWordKind.Digit, 1),
            "two" => (DigitWordKind.Digit, 2),
            "three" => (DigitWordKind.Digit, 3),
            "four" => (DigitWordKind.Digit, 4),
            "five" => (DigitWordKind.Digit, 5),
            "six" => (DigitWordKind.Digit, 6),
            "seven" => (DigitWordKind.Digit, 7),
            "eight" => (DigitWordKind.Digit, 8),
            "nine" or "niner" => (DigitWordKind.Digit, 9),
            "ten" => (DigitWordKind.Teen, 10),
            "eleven" => (DigitWordKind.Teen, 11),
            "twelve" => (DigitWordKind.Teen, 12),
            "thirteen" => (DigitWordKind.Teen, 13),
            "fourteen" => (DigitWordKind.Teen, 14),
            "fifteen" => (DigitWordKind.Teen, 15),
            "sixteen" => (DigitWordKind.Teen, 16),
            "seventeen" => (DigitWordKind.Teen, 17),
            "eighteen" => (DigitWordKind.Teen, 18),
            "nineteen" => (DigitWordKind.Teen, 19),
            "twenty" => (DigitWordKind.Tens, 20),
            "thirty" => (DigitWordKind.Tens, 30),
            "forty" or "fourty" => (DigitWordKind.Tens, 40),
            "fifty" => (DigitWordKind.Tens, 50),
            "sixty" => (DigitWordKind.Tens, 60),
            "seventy" => (DigitWordKind.Tens, 70),
            "eighty" => (DigitWordKind.Tens, 80),
            "ninety" => (DigitWordKind.Tens, 90),
            "double" => (DigitWordKind.Times, 2),
            "triple" or "treble" => (DigitWordKind.Times, 3),
            "and" or "then" or "uh" or "um" or "er" or "erm" or "ah" or "dash" or "hyphen" or "space" or "ok" or "okay" or "next" => (DigitWordKind.Filler, 0),
            _ => (DigitWordKind.Other, 0),
        };
    }
}
