using System.Text;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls;

/// <summary>
/// Whose records a call may see: those of the verified number. Anything else needs two facts that match: the record's own
/// code and the name on it.
/// </summary>
public sealed class CallerScope(PhoneNumber? phone)
{
    /// <summary>Hash of the verified number, as it stands in cache keys; null when the number is unknown.</summary>
    public string? PhoneHash { get; } = phone?.Hash();

    /// <summary>Whether the record belongs to the verified number.</summary>
    public bool Owns(string ownerPhoneHash) => PhoneHash is not null && string.Equals(PhoneHash, ownerPhoneHash, StringComparison.Ordinal);

    /// <summary>
    /// Whether a spoken name proves knowledge of the name on a record: the family name, or the whole name in any order. Case, accents and
    /// punctuation do not count; a first name alone is not enough, too many people guess it.
    /// </summary>
    public static bool NameProves(string? spoken, string onRecord)
    {
        var said = Words(spoken);
        said.RemoveAll(s_titles.Contains); // models pass "Mrs. Silva" on
        var known = Words(onRecord);
        if (said.Count == 0 || known.Count == 0)
        {
            return false;
        }

        return said.Contains(known[^1]) && said.TrueForAll(known.Contains);
    }

    private static readonly HashSet<string> s_titles = new(StringComparer.Ordinal) { "mr", "mrs", "ms", "miss", "mister", "dr", "doctor" };

    private static List<string> Words(string? name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in (name ?? "").Take(200))
        {
            if (char.IsLetter(c))
            {
                word.Append(PlainLetters.Of(c));
            }
            else if (!PlainLetters.IsSilent(c) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
