using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>Salted hashes of values (HMAC-SHA-256, its first 12 bytes in hex): equal values of one environment have equal hashes, and nothing can be read from them.</summary>
public sealed class FieldHasher
{
    private const int Bytes = 12;

    private readonly byte[] _salt;

    /// <param name="salt">Hex, of <see cref="SyncState.Salt"/>.</param>
    public FieldHasher(string salt) => _salt = Convert.FromHexString(salt);

    /// <summary>Of a value in its canonical form: order of members, 1.0 for 1 and line ends do not matter.</summary>
    public string Of(JsonNode? value) => Of(CanonicalJson.Bytes(value));

    public string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Of each top-level field. A null that a file writes is one: the word to clear the field.</summary>
    public ImmutableSortedDictionary<string, string> Fields(JsonObject body) =>
        body.ToImmutableSortedDictionary(field => field.Key, field => Of(field.Value), StringComparer.Ordinal);

    private string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(_salt, bytes).AsSpan(0, Bytes));
}
