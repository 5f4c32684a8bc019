using System.Text.Json;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Looks ahead into an item of a conversation.</summary>
internal static class HistoryItem
{
    /// <summary>What the item is treated as; null for a system prompt, which is left out. Its role is nearly always its first member.</summary>
    /// <param name="item">At the start of the object; a copy, so that the caller's stays.</param>
    public static Place? PlaceOf(JsonCursor item)
    {
        var isTool = false;
        var isKeys = false;
        Span<byte> scratch = stackalloc byte[64];
        while (item.NextProperty())
        {
            var name = item.Name(scratch);
            if (name.SequenceEqual("role"u8))
            {
                item.Read();
                if (item.Token == JsonTokenType.String && (item.RawValue.SequenceEqual("system"u8) || item.RawValue.SequenceEqual("developer"u8)))
                {
                    return null;
                }

                isTool = item.Token == JsonTokenType.String && item.RawValue.StartsWith("tool"u8);
                if (!isTool)
                {
                    break;
                }

                item.SkipHere();
            }
            else if (name.SequenceEqual("name"u8))
            {
                item.Read();
                isKeys = item.Token == JsonTokenType.String && item.RawValue.SequenceEqual("dtmf"u8);
                item.SkipHere();
            }
            else
            {
                item.SkipValue();
            }
        }

        return isTool && isKeys ? Place.Keys : Place.History;
    }
}
