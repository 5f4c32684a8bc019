using System.Text.Json;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Looks which copies of the conversation a message has, leaping over all values.</summary>
internal static class HistoryOutline
{
    private static readonly HistoryCopy[] Preference =
    [
        HistoryCopy.Messages, HistoryCopy.ArtifactMessages, HistoryCopy.Conversation, HistoryCopy.OpenAi, HistoryCopy.ArtifactOpenAi, HistoryCopy.Transcript, HistoryCopy.ArtifactTranscript,
    ];

    /// <param name="body">The object whose members are read, or an object with a <c>message</c> that is.</param>
    /// <param name="wrapped">Whether the latter.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static HistoryCopy BestOf(ReadOnlyMemory<byte> body, bool wrapped)
    {
        var cursor = new JsonCursor(body);
        cursor.Read();
        var copies = wrapped ? InWrapped(ref cursor) : cursor.AtObject ? InMessage(ref cursor) : 0;
        return Array.Find(Preference, copy => (copies & Bit(copy)) != 0);
    }

    private static uint InWrapped(ref JsonCursor cursor)
    {
        var copies = 0u;
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.AtObject && cursor.NextProperty())
        {
            if (!cursor.Name(scratch).SequenceEqual("message"u8))
            {
                cursor.SkipValue();
                continue;
            }

            cursor.Read();
            if (!cursor.AtObject)
            {
                break;
            }

            return copies | InMessage(ref cursor);
        }

        return copies;
    }

    private static uint InMessage(ref JsonCursor cursor)
    {
        var copies = 0u;
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("messages"u8):
                    copies |= Of(HistoryCopy.Messages, ref cursor);
                    break;
                case var name when name.SequenceEqual("conversation"u8):
                    copies |= Of(HistoryCopy.Conversation, ref cursor);
                    break;
                case var name when name.SequenceEqual("messagesOpenAIFormatted"u8):
                    copies |= Of(HistoryCopy.OpenAi, ref cursor);
                    break;
                case var name when name.SequenceEqual("transcript"u8):
                    copies |= Of(HistoryCopy.Transcript, ref cursor);
                    break;
                case var name when name.SequenceEqual("artifact"u8):
                    cursor.Read();
                    if (cursor.AtObject)
                    {
                        copies |= InArtifact(ref cursor);
                    }
                    else
                    {
                        cursor.SkipHere();
                    }

                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return copies;
    }

    private static uint InArtifact(ref JsonCursor cursor)
    {
        var copies = 0u;
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("messages"u8):
                    copies |= Of(HistoryCopy.ArtifactMessages, ref cursor);
                    break;
                case var name when name.SequenceEqual("messagesOpenAIFormatted"u8):
                    copies |= Of(HistoryCopy.ArtifactOpenAi, ref cursor);
                    break;
                case var name when name.SequenceEqual("transcript"u8):
                    copies |= Of(HistoryCopy.ArtifactTranscript, ref cursor);
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return copies;
    }

    /// <summary>A list with an object in it, or a text that is not empty, counts.</summary>
    private static uint Of(HistoryCopy copy, ref JsonCursor cursor)
    {
        var value = cursor.SkipValue().Span;
        var counts = copy is HistoryCopy.Transcript or HistoryCopy.ArtifactTranscript ? value is [(byte)'"', _, _, ..] : value is [(byte)'[', ..] && value.Contains((byte)'{');
        return counts ? Bit(copy) : 0;
    }

    private static uint Bit(HistoryCopy copy) => 1u << (int)copy;
}
