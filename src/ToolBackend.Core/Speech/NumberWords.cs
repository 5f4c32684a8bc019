namespace ToolBackend.Core.Speech;

/// <summary>Number words that people and speech-to-text use for dates, times and codes.</summary>
internal static class NumberWords
{
    private static readonly Dictionary<string, int> Ones = Index(1,
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private static readonly Dictionary<string, int> Teens = Index(10,
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen");

    private static readonly Dictionary<string, int> TensWords = new(StringComparer.Ordinal)
    {
        ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fourty"] = 40, ["fifty"] = 50,
        ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90,
    };

    private static readonly Dictionary<string, int> OrdinalWords = new(
        Index(1,
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
            "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
        StringComparer.Ordinal)
    {
        ["thirtieth"] = 30,
    };

    /// <summary>"one" to "nine".</summary>
    internal static bool One(string word, out int value) => Ones.TryGetValue(word, out value);

    /// <summary>"ten" to "nineteen".</summary>
    internal static bool Teen(string word, out int value) => Teens.TryGetValue(word, out value);

    /// <summary>"twenty", "thirty", ... "ninety".</summary>
    internal static bool Tens(string word, out int value) => TensWords.TryGetValue(word, out value);

    /// <summary>"first" to "twentieth", "thirtieth".</summary>
    internal static bool Ordinal(string word, out int value) => OrdinalWords.TryGetValue(word, out value);

    /// <summary>
    /// Replaces number words by digits: "twenty" "first" and "twenty" "-" "first" are "21" "st"; "half" is left alone.
    /// Ordinals keep the mark "st" behind them, as "1st" has.
    /// </summary>
    internal static List<string> ToDigits(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (Tens(tokens[i], out var tens))
            {
                var next = i + 1 < tokens.Count && tokens[i + 1] == "-" ? i + 2 : i + 1;
                if (next < tokens.Count && One(tokens[next], out var one))
                {
                    Add(tens + one, ordinal: false);
                    i = next;
                }
                else if (next < tokens.Count && Ordinal(tokens[next], out var nth) && nth < 10)
                {
                    Add(tens + nth, ordinal: true);
                    i = next;
                }
                else
                {
                    Add(tens, ordinal: false);
                }
            }
            else if (One(tokens[i], out var value) || Teen(tokens[i], out value))
            {
                Add(value, ordinal: false);
            }
            else if (Ordinal(tokens[i], out value))
            {
                Add(value, ordinal: true);
            }
            else
            {
                result.Add(tokens[i]);
            }
        }

        return result;

        void Add(int value, bool ordinal)
        {
            result.Add(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (ordinal)
            {
                result.Add("st");
            }
        }
    }

    private static Dictionary<string, int> Index(int first, params string[] words) =>
        words.Select((word, i) => (word, i)).ToDictionary(p => p.word, p => p.i + first, StringComparer.Ordinal);
}
