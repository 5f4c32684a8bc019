using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>Ids of one call, all drawn from the script's seed.</summary>
internal sealed class CallIds(CallScript script)
{
    public const string Org = "5d7c0b52-0000-4000-8000-000000000002";

    public string Call { get; } = script.CallId ?? Uuid($"call {script.Name} {script.Seed}");

    public string CallSid { get; } = script.CallSid ?? "CA" + Hex($"sid {script.Name} {script.Seed}")[..32];

    public string PhoneNumber { get; } = Uuid("line " + script.LineNumber);

    public string ToolCall(int index) => "call_" + Hex(string.Create(CultureInfo.InvariantCulture, $"tool {script.Name} {script.Seed} {script.CallId} {index}"))[..24];

    public string Turn(int turn) => Uuid(string.Create(CultureInfo.InvariantCulture, $"turn {script.Name} {script.Seed} {turn}"));

    public static string Uuid(string of)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(of));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static string Hex(string of) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)));
}
