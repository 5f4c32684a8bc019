using System.Collections.Frozen;

namespace ToolBackend.Voice.Speaking;

/// <summary>English words after which a text is not cut, or whose full stop may not be an end.</summary>
internal static class ClauseWords
{
    private static readonly FrozenSet<string> s_leading = Set(
        "a an the to of in on at for with from by and or but nor so because that which who if as than into about between is are was were be been am i'm you're we're they're it's "
        + "my your our his her their its this these those not no very");

    private static readonly FrozenSet<string> s_numbers = Set(
        "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
        + "ninety hundred thousand million billion point plus minus half quarter double triple first second third fourth fifth number");

    private static readonly FrozenSet<string> s_calendar = Set(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december mon tue tues wed thu thurs fri sat "
        + "sun jan feb mar apr jun jul aug sep sept oct nov dec");

    /// <summary>What follows belongs to them.</summary>
    private static readonly FrozenSet<string> s_titles = Set("dr mr mrs ms mx prof rev hon gen sgt capt lt col maj mt ft no nos vs fig approx est dept ext tel e.g i.e cf jan feb mar apr jun jul aug sep sept oct nov dec");

    /// <summary>They end sentences as well: what follows decides.</summary>
    private static readonly FrozenSet<string> s_either = Set("st ave rd blvd ln jr sr inc co corp ltd etc apt ste min max hr hrs sec mon tue tues wed thu thurs fri sat sun i");

    private static readonly FrozenSet<string> s_addressHints = Set("email e-mail emails mail website web site url link address online www http https domain visit");

    public static bool IsLeading(ReadOnlySpan<char> word) => Has(s_leading, word);

    public static bool IsNumber(ReadOnlySpan<char> word) => Has(s_numbers, word);

    public static bool IsCalendar(ReadOnlySpan<char> word) => Has(s_calendar, word);

    public static bool IsTitle(ReadOnlySpan<char> word) => Has(s_titles, word);

    public static bool IsEither(ReadOnlySpan<char> word) => Has(s_either, word);

    /// <summary>An address may follow in the same sentence, and its first full stop looks like an end.</summary>
    public static bool IsAddressHint(ReadOnlySpan<char> word) => Has(s_addressHints, word);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static bool Has(FrozenSet<string> set, ReadOnlySpan<char> word) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
