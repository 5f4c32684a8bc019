using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.Core.Speech;

/// <summary>
/// A phone number in E.164 form: "+" and 8 to 15 digits, the first not zero. Formatting masks it ("+1********42");
/// <see cref="E164"/> gives the number. As JSON it is the E.164 text, so do not serialise it into logs.
/// </summary>
[DebuggerDisplay("{ToString()}")]
[JsonConverter(typeof(PhoneNumberJsonConverter))]
public readonly record struct PhoneNumber
{
    private const int MinDigits = 8;
    private const int MaxDigits = 15;
    private const int MaxInput = 64;
    private const int NationalDigits = 10;
    private const int HashedBytes = 12;

    private readonly string? _e164;

    private PhoneNumber(string e164) => _e164 = e164;

    /// <summary>The number with its plus sign; empty for <c>default</c>.</summary>
    public string E164 => _e164 ?? "";

    /// <summary>
    /// Reads what telephony, people and models write: spaces, dashes, dots, parentheses, "tel:", "00" for "+". Without a prefix,
    /// ten digits get <paramref name="defaultCountry"/>, and ten digits after that country's own digits are taken as such.
    /// Anything else without a prefix is refused rather than guessed.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PhoneNumber number, string defaultCountry = "+1")
    {
        number = default;
        if (text is null || text.Length > MaxInput)
        {
            return false;
        }

        var span = text.AsSpan().Trim();
        if (span.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            span = span[4..].Trim();
        }

        if (!TryDigits(span, out var digits, out var international))
        {
            return false;
        }

        if (!international && digits.StartsWith("00", StringComparison.Ordinal))
        {
            (digits, international) = (digits[2..], true);
        }

        if (!international)
        {
            var country = defaultCountry.TrimStart('+');
            var hasCountry = digits.Length == country.Length + NationalDigits && digits.StartsWith(country, StringComparison.Ordinal);
            if (!hasCountry && digits.Length != NationalDigits)
            {
                return false;
            }

            digits = hasCountry ? digits : country + digits;
        }

        if (digits.Length is < MinDigits or > MaxDigits || digits[0] == '0')
        {
            return false;
        }

        number = new PhoneNumber("+" + digits);
        return true;
    }

    /// <summary>For constants and rows that are known to be good.</summary>
    /// <exception cref="FormatException">The text is no phone number; the message does not repeat it.</exception>
    public static PhoneNumber Parse(string text, string defaultCountry = "+1") =>
        TryParse(text, out var number, defaultCountry) ? number : throw new FormatException("Not a phone number in E.164 form.");

    /// <summary>
    /// A stable name for the number where the number itself must not stand (keys, correlation): the first 12 bytes of SHA-256 of the
    /// E.164 text in lowercase hex. Postgres: <c>encode(substr(sha256(convert_to(phone,'UTF8')),1,12),'hex')</c>.
    /// It groups, it does not hide: phone numbers are few enough to be tried one by one.
    /// </summary>
    public string Hash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(E164), hash);
        return Convert.ToHexStringLower(hash[..HashedBytes]);
    }

    /// <summary>The mask: first and last two digits, asterisks between.</summary>
    public override string ToString() =>
        _e164 is null ? "" : string.Concat(_e164.AsSpan(0, 2), new string('*', _e164.Length - 4), _e164.AsSpan(_e164.Length - 2));

    private static bool TryDigits(ReadOnlySpan<char> span, out string digits, out bool international)
    {
        var kept = new StringBuilder(MaxDigits + 2);
        (digits, international) = ("", false);
        foreach (var c in span)
        {
            if (char.IsAsciiDigit(c))
            {
                kept.Append(c);
            }
            else if (c == '+' && kept.Length == 0 && !international)
            {
                international = true;
            }
            else if (c is not (' ' or '-' or '.' or '(' or ')' or '/' or '\u00A0'))
            {
                return false;
            }
        }

        digits = kept.ToString();
        return digits.Length > 0;
    }
}

/// <summary>E.164 text both ways; a text that is no number is a <see cref="JsonException"/>, empty is <c>default</c>.</summary>
public sealed class PhoneNumberJsonConverter : JsonConverter<PhoneNumber>
{
    public override PhoneNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return string.IsNullOrEmpty(text) ? default
            : PhoneNumber.TryParse(text, out var number) ? number
            : throw new JsonException("Not a phone number in E.164 form.");
    }

    public override void Write(Utf8JsonWriter writer, PhoneNumber value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.E164);
}
