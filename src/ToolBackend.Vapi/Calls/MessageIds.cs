using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls;

/// <summary>
/// Vapi numbers nothing, so a message's id is made from what it says: the first 16 bytes of SHA-256. Equal for every delivery of one message.
/// Each part is preceded by its length, so that no two lists of parts read the same.
/// </summary>
internal static class MessageIds
{
    /// <summary>Of call id, type, timestamp and the whole body.</summary>
    public static Guid Of(VapiMessage message, ReadOnlySpan<byte> body)
    {
        using var hash = Begin(message);
        Append(hash, body);
        return Finish(hash);
    }

    /// <summary>
    /// Of call id, type, timestamp and the ids of the tool calls: what is at hand when an answer is awaited, without another pass over the body.
    /// Arguments count for tool calls without an id and parameters for destinations, which would else be alike.
    /// </summary>
    public static Guid Of(VapiMessage message)
    {
        using var hash = Begin(message);
        foreach (var call in message.ToolCalls)
        {
            AppendCall(hash, call);
        }

        if (message.FunctionCall is { } legacy)
        {
            AppendCall(hash, legacy);
        }

        Append(hash, message.Parameters.Span);
        return Finish(hash);
    }

    /// <summary>Of a call as the REST API shows it: asking again without a change between adds nothing.</summary>
    public static Guid OfSnapshot(string callId, string? updatedAt, string? status)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, callId);
        Append(hash, VapiSnapshotReader.Type);
        Append(hash, updatedAt);
        Append(hash, status);
        return Finish(hash);
    }

    private static IncrementalHash Begin(VapiMessage message)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, message.Call?.Id);
        Append(hash, message.Type);
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, message.Timestamp?.ToUnixTimeMilliseconds() ?? long.MinValue);
        hash.AppendData(time);
        return hash;
    }

    private static void AppendCall(IncrementalHash hash, VapiToolCall call)
    {
        Append(hash, call.Id);
        if (call.Id.Length == 0)
        {
            Append(hash, call.Name);
            Append(hash, call.Arguments.Span);
        }
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> small = stackalloc byte[256];
        text ??= string.Empty;
        Append(hash, text.Length <= small.Length / 3 ? small[..Encoding.UTF8.GetBytes(text, small)] : Encoding.UTF8.GetBytes(text));
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    private static Guid Finish(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new Guid(digest[..16], bigEndian: true);
    }
}
