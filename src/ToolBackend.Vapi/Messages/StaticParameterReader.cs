using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>Reads the static parameters of the tool that one call belongs to.</summary>
internal static class StaticParameterReader
{
    /// <summary>Empty when the list is malformed: nothing in it was needed to accept the message.</summary>
    public static IReadOnlyList<StaticParameter> Read(ReadOnlyMemory<byte> toolsWithCalls, string toolCallId)
    {
        if (toolsWithCalls.IsEmpty || toolCallId.Length == 0)
        {
            return [];
        }

        try
        {
            return Find(toolsWithCalls, toolCallId);
        }
        catch (Exception e) when (e is JsonException or MalformedException)
        {
            return [];
        }
    }

    private static IReadOnlyList<StaticParameter> Find(ReadOnlyMemory<byte> toolsWithCalls, string toolCallId)
    {
        var cursor = new JsonCursor(toolsWithCalls);
        cursor.Read();
        if (!cursor.AtArray)
        {
            return [];
        }

        while (cursor.NextElement())
        {
            if (!cursor.AtObject)
            {
                cursor.SkipHere();
                continue;
            }

            if (ReadTool(ref cursor) is var (id, parameters) && string.Equals(id, toolCallId, StringComparison.Ordinal))
            {
                return ReadParameters(parameters);
            }
        }

        return [];
    }

    private static (string? ToolCallId, ReadOnlyMemory<byte> Parameters) ReadTool(ref JsonCursor cursor)
    {
        string? id = null;
        ReadOnlyMemory<byte> parameters = default;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("toolCall"u8):
                    seen.Add(0);
                    id = CallReader.ReadMember(ref cursor, "id"u8);
                    break;
                case var name when name.SequenceEqual("parameters"u8):
                    seen.Add(1);
                    parameters = cursor.SkipValue();
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return (id, parameters);
    }

    private static List<StaticParameter> ReadParameters(ReadOnlyMemory<byte> json)
    {
        var result = new List<StaticParameter>();
        if (json.IsEmpty)
        {
            return result;
        }

        var cursor = new JsonCursor(json);
        cursor.Read();
        if (!cursor.AtArray)
        {
            return result;
        }

        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextElement())
        {
            if (!cursor.AtObject)
            {
                cursor.SkipHere();
                continue;
            }

            string? key = null;
            ReadOnlyMemory<byte> value = default;
            while (cursor.NextProperty())
            {
                var name = cursor.Name(scratch);
                if (name.SequenceEqual("key"u8))
                {
                    key = cursor.ReadText();
                }
                else if (name.SequenceEqual("value"u8))
                {
                    value = cursor.SkipValue();
                }
                else
                {
                    cursor.SkipValue();
                }
            }

            if (key is not null && !value.IsEmpty)
            {
                result.Add(new StaticParameter(key, value));
            }
        }

        return result;
    }
}
