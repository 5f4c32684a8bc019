namespace ToolBackend.Core.Speech;

/// <summary>What spoken words mean inside a code: spelling alphabet, letter names, digits that sound like other words, and words without meaning.</summary>
internal static class CodeWords
{
    /// <summary>NATO alphabet and letter names as speech-to-text writes them.</summary>
    private static readonly Dictionary<string, char> Letters = new(StringComparer.Ordinal)
    {
        ["alpha"] = 'A', ["alfa"] = 'A', ["bravo"] = 'B', ["charlie"] = 'C', ["delta"] = 'D', ["echo"] = 'E', ["foxtrot"] = 'F', ["golf"] = 'G',
        ["hotel"] = 'H', ["india"] = 'I', ["juliet"] = 'J', ["juliett"] = 'J', ["kilo"] = 'K', ["lima"] = 'L', ["mike"] = 'M', ["november"] = 'N',
        ["oscar"] = 'O', ["papa"] = 'P', ["quebec"] = 'Q', ["romeo"] = 'R', ["sierra"] = 'S', ["tango"] = 'T', ["uniform"] = 'U', ["victor"] = 'V',
        ["whiskey"] = 'W', ["whisky"] = 'W', ["xray"] = 'X', ["yankee"] = 'Y', ["zulu"] = 'Z',
        ["bee"] = 'B', ["cee"] = 'C', ["see"] = 'C', ["sea"] = 'C', ["dee"] = 'D', ["ee"] = 'E', ["eff"] = 'F', ["gee"] = 'G', ["aitch"] = 'H',
        ["eye"] = 'I', ["jay"] = 'J', ["kay"] = 'K', ["el"] = 'L', ["ell"] = 'L', ["em"] = 'M', ["en"] = 'N', ["pee"] = 'P', ["queue"] = 'Q',
        ["cue"] = 'Q', ["ar"] = 'R', ["ess"] = 'S', ["tee"] = 'T', ["tea"] = 'T', ["vee"] = 'V', ["ex"] = 'X', ["zee"] = 'Z', ["zed"] = 'Z',
    };

    /// <summary>Words that are a digit between other parts of a code, and may be plain words elsewhere: best reading first.</summary>
    private static readonly Dictionary<string, string[]> Homophones = new(StringComparer.Ordinal)
    {
        ["to"] = ["2", ""], ["too"] = ["2", ""], ["for"] = ["4", ""], ["ate"] = ["8", ""], ["won"] = ["1", ""],
        ["you"] = ["U", ""], ["why"] = ["Y", ""], ["are"] = ["R", ""],
    };

    private static readonly HashSet<string> Noise = new(StringComparer.Ordinal)
    {
        "number", "tracking", "track", "its", "it", "is", "reference", "ref", "code", "the", "my", "package", "parcel", "order", "shipment", "please",
        "id", "no", "nr", "um", "uh", "er", "hmm", "and", "then", "dash", "hyphen", "minus", "space", "dot", "point", "period", "hash", "pound",
        "capital", "letter", "digit", "digits", "was", "with", "from", "this", "that", "thats", "have", "has", "yes", "yeah", "hi", "ok", "okay", "so",
        "on", "at", "of", "in", "me", "we", "be", "your", "just", "well", "like", "slash", "appointment", "booking", "confirmation", "would", "hello",
        "again", "sorry", "wait", "said", "think", "here", "starts", "ends", "stroke", "underscore", "im", "about", "calling", "got", "where", "what",
        "looking", "can", "check", "status", "delivery", "i", "am",
    };

    internal static bool Letter(string word, out char letter) => Letters.TryGetValue(word, out letter);

    internal static bool Homophone(string word, out string[] readings)
    {
        var known = Homophones.TryGetValue(word, out var found);
        readings = found ?? [];
        return known;
    }

    /// <summary>Single letters are never noise: "i" alone may be part of the code.</summary>
    internal static bool IsNoise(string word) => word.Length > 1 && Noise.Contains(word);

    internal static int Times(string word) => word switch
    {
        "double" => 2,
        "triple" or "treble" => 3,
        "quadruple" => 4,
        _ => 0,
    };
}
