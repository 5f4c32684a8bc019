namespace ToolBackend.Core.Data.Seeding;

/// <summary>
/// Spoken codes of generated rows, made from the row's id by a one-to-one scramble: unique without looking anything up, in this
/// run and in the next, and scattered over the index as real ones are.
/// </summary>
internal static class GeneratedCodes
{
    /// <summary>
    /// +1 500 is not a place's code but one for personal and machine numbers, wide enough for millions. Unlike 555-01xx it is not
    /// set aside for fiction: generated customers are for reading, never for dialling.
    /// </summary>
    public const int FirstPhone = 2_000_000;

    /// <summary>How many numbers there are from <see cref="FirstPhone"/> on.</summary>
    public const int Phones = 8_000_000;

    private const long TrackingNumbers = 1_000_000_000;
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int ReferenceLetters = 7;

    public static string Phone(int ordinal) => $"+1500{FirstPhone + ordinal:D7}";

    /// <summary>TB and nine digits. The multiplier shares no factor with ten, so no two ids below a thousand million meet.</summary>
    public static string TrackingNumber(long shipmentId) => $"TB{(long)((UInt128)shipmentId * 387_420_489 % (UInt128)TrackingNumbers):D9}";

    /// <summary>G and seven letters or digits: longer than any reference that is given to a caller. An odd multiplier is one-to-one modulo 2^35.</summary>
    public static string Reference(long appointmentId) => string.Create(ReferenceLetters + 1, (ulong)appointmentId * 11_400_714_819UL, (letters, scrambled) =>
    {
        letters[0] = 'G';
        for (var i = 1; i < letters.Length; i++)
        {
            letters[i] = Alphabet[(int)(scrambled % 32)];
            scrambled /= 32;
        }
    });
}
