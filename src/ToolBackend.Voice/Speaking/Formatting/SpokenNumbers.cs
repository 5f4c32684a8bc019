using System.Globalization;

namespace ToolBackend.Voice.Speaking.Formatting;

/// <summary>Numbers in English words. Pure.</summary>
internal static class SpokenNumbers
{
    private static readonly string[] s_small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] s_tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (long Value, string Name)[] s_large = [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

    /// <summary>42 is "forty two". Not negative.</summary>
    public static string Cardinal(long number)
    {
        if (number < 100)
        {
            return number < 20 ? s_small[number] : Join(s_tens[number / 10], number % 10);
        }

        if (number < 1000)
        {
            return Join(s_small[number / 100] + " hundred", number % 100);
        }

        foreach (var (value, name) in s_large)
        {
            if (number >= value)
            {
                return Join($"{Cardinal(number / value)} {name}", number % value);
            }
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A number of four digits as people say years and prices: 1200 is "twelve hundred", 1999 "nineteen ninety nine", 2005 "two thousand five".</summary>
    public static string InPairs(int number)
    {
        var (high, low) = (number / 100, number % 100);
        return high % 10 == 0 && low < 10 ? Cardinal(number)
            : low == 0 ? $"{Cardinal(high)} hundred"
            : low < 10 ? $"{Cardinal(high)} oh {Cardinal(low)}"
            : $"{Cardinal(high)} {Cardinal(low)}";
    }

    /// <summary>3 is "third". Not negative.</summary>
    public static string Ordinal(long number)
    {
        var words = Cardinal(number);
        var last = words.LastIndexOf(' ') + 1;
        var stem = words[last..] switch
        {
            "one" => "first",
            "two" => "second",
            "three" => "third",
            "five" => "fifth",
            "eight" => "eighth",
            "nine" => "ninth",
            "twelve" => "twelfth",
            var word when word[^1] == 'y' => word[..^1] + "ieth",
            var word => word + "th",
        };
        return words[..last] + stem;
    }

    /// <summary>Digits one by one: "1 2 3".</summary>
    public static string Digits(ReadOnlySpan<char> digits) => string.Join(' ', digits.ToArray());

    private static string Join(string head, long rest) => rest == 0 ? head : $"{head} {Cardinal(rest)}";
}
