using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.LocalStack.Simulators.Twilio;

internal static class TwilioIds
{
    /// <summary>An id such as <c>PN</c> and 32 hex digits, always the same for the same thing.</summary>
    public static string Sid(string prefix, string of) => prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix} {of}")))[..32];

    /// <summary>RFC 2822, as Twilio writes times.</summary>
    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    /// <summary>(206) 555-0100 for a number of North America; others as they are.</summary>
    public static string Formatted(string number) =>
        number.Length == 12 && number.StartsWith("+1", StringComparison.Ordinal) ? $"({number[2..5]}) {number[5..8]}-{number[8..]}" : number;
}
