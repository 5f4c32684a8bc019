using System.Text.Json;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Looks ahead into an object whose members, in any order, decide about each other. Takes copies of the cursor, so that the caller's stays.</summary>
internal static class Lookahead
{
    /// <summary>What an item of a conversation is treated as; null for a system prompt, which is left out. Its role is nearly always its first member.</summary>
    /// <param name="item">At the start of the object.</param>
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

    /// <summary>Whether it is a pair such as <c>{"name": "Authorization", "value": "..."}</c>.</summary>
    /// <param name="siblings">At the start of the object.</param>
    public static bool IsNamedSecret(JsonCursor siblings)
    {
        Span<byte> scratch = stackalloc byte[64];
        while (siblings.NextProperty())
        {
            var name = siblings.Name(scratch);
            if (!name.SequenceEqual("name"u8) && !name.SequenceEqual("key"u8) && !name.SequenceEqual("header"u8))
            {
                siblings.SkipValue();
                continue;
            }

            siblings.Read();
            if (siblings.Token == JsonTokenType.String && SecretNames.IsSecret(siblings.RawValue))
            {
                return true;
            }

            siblings.SkipHere();
        }

        return false;
    }
}
