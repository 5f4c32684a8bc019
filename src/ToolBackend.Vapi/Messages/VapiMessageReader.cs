using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace ToolBackend.Vapi.Messages;

/// <summary>
/// Reads one server message in a forward pass that picks what ToolBackend needs and leaps over the rest. Lenient in content (absent, null and
/// wrong-typed members count as absent), strict in form: valid UTF-8 without byte order mark, an object with an object <c>message</c> with a
/// string <c>type</c>, no duplicate of a member that is read.
/// </summary>
public static class VapiMessageReader
{
    /// <summary>Longest string that is read, in bytes as written. Members that are not read have no cap.</summary>
    public const int MaxStringBytes = 64 * 1024;

    /// <summary>Most tool calls in one message.</summary>
    public const int MaxToolCalls = 100;

    /// <exception cref="MalformedMessageException">The body is not a Vapi message.</exception>
    public static VapiMessage Read(ReadOnlyMemory<byte> body) => TryRead(body, out var message, out var error) ? message : throw new MalformedMessageException(error);

    /// <summary>False with an error that may be logged, when the body is to be answered 400.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out VapiMessage? message, out MalformedMessage error)
    {
        message = null;
        var reason = CheckBytes(body.Span);
        if (reason != MalformedReason.None)
        {
            error = new MalformedMessage(reason, 0);
            return false;
        }

        var cursor = new JsonCursor(body);
        try
        {
            message = ReadRoot(ref cursor);
            error = default;
            return true;
        }
        catch (MalformedException e)
        {
            error = new MalformedMessage(e.Reason, cursor.Position);
        }
        catch (JsonException)
        {
            error = new MalformedMessage(MalformedReason.InvalidJson, cursor.Position);
        }

        return false;
    }

    private static MalformedReason CheckBytes(ReadOnlySpan<byte> body) =>
        body.IsEmpty ? MalformedReason.Empty
        : body.StartsWith("\uFEFF"u8) ? MalformedReason.ByteOrderMark
        : Utf8.IsValid(body) ? MalformedReason.None
        : MalformedReason.InvalidUtf8;

    private static VapiMessage ReadRoot(ref JsonCursor cursor)
    {
        cursor.Read();
        if (!cursor.AtObject)
        {
            throw new MalformedException(MalformedReason.NotAnObject);
        }

        MessageBuilder? builder = null;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            if (!cursor.Name(scratch).SequenceEqual("message"u8))
            {
                cursor.SkipValue();
                continue;
            }

            seen.Add(0);
            cursor.Read();
            if (!cursor.AtObject)
            {
                throw new MalformedException(MalformedReason.MissingMessage);
            }

            builder = new MessageBuilder();
            builder.Read(ref cursor);
        }

        // Text behind the object is an error that only a further read sees.
        cursor.Read();
        return (builder ?? throw new MalformedException(MalformedReason.MissingMessage)).Build();
    }
}
