using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>
/// Reads tool calls in every shape that Vapi, its documentation and its SDKs use. Name: <c>function.name</c>, else <c>name</c>. Arguments: the first
/// of <c>function.arguments</c>, <c>arguments</c>, <c>parameters</c>, <c>function.parameters</c> that is not null, as an object or as a string that holds one.
/// </summary>
internal static class ToolCallReader
{
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <summary>The first list that has a call, in Vapi's order of trust.</summary>
    public static IReadOnlyList<VapiToolCall> Read(ReadOnlyMemory<byte> toolCallList, ReadOnlyMemory<byte> toolsWithCalls, ReadOnlyMemory<byte> toolCalls)
    {
        var calls = ReadList(toolCallList, nested: false);
        if (calls.Count == 0)
        {
            calls = ReadList(toolsWithCalls, nested: true);
        }

        return calls.Count == 0 ? ReadList(toolCalls, nested: false) : calls;
    }

    /// <summary>The legacy <c>functionCall</c> object; null when it is no object.</summary>
    public static VapiToolCall? ReadFunctionCall(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        var cursor = new JsonCursor(json);
        cursor.Read();
        return cursor.AtObject ? ReadItem(ref cursor, nested: false)?.ToCall() : null;
    }

    private static List<VapiToolCall> ReadList(ReadOnlyMemory<byte> json, bool nested)
    {
        var calls = new List<VapiToolCall>();
        if (json.IsEmpty)
        {
            return calls;
        }

        var cursor = new JsonCursor(json);
        cursor.Read();
        if (!cursor.AtArray)
        {
            return calls;
        }

        HashSet<string>? seen = null;
        while (cursor.NextElement())
        {
            if (!cursor.AtObject)
            {
                cursor.SkipHere();
            }
            else if (ReadItem(ref cursor, nested)?.ToCall() is { } call)
            {
                if (calls.Count == VapiMessageReader.MaxToolCalls)
                {
                    throw new MalformedException(MalformedReason.TooManyToolCalls);
                }

                if (call.Id.Length == 0 || (seen ??= new(StringComparer.Ordinal)).Add(call.Id))
                {
                    calls.Add(call);
                }
            }
        }

        return calls;
    }

    /// <summary>Reads the item that the cursor is at the start of. With <paramref name="nested"/> the call is its <c>toolCall</c>, which may leave the name to the item.</summary>
    private static Item? ReadItem(ref JsonCursor cursor, bool nested)
    {
        var item = new Item();
        Item? inner = null;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("id"u8):
                    seen.Add(0);
                    item.Id = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("name"u8):
                    seen.Add(1);
                    item.Name = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("arguments"u8) && !nested:
                    seen.Add(2);
                    item.Offer(1, ArgumentsOf(ref cursor));
                    break;
                case var name when name.SequenceEqual("parameters"u8) && !nested:
                    seen.Add(3);
                    item.Offer(2, ArgumentsOf(ref cursor));
                    break;
                case var name when name.SequenceEqual("function"u8):
                    seen.Add(4);
                    ReadFunction(ref cursor, item, withArguments: !nested);
                    break;
                case var name when name.SequenceEqual("toolCall"u8) && nested:
                    seen.Add(5);
                    cursor.Read();
                    if (cursor.AtObject)
                    {
                        inner = ReadItem(ref cursor, nested: false);
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

        if (!nested)
        {
            return item;
        }

        if (inner is not null)
        {
            inner.Name ??= item.FunctionName ?? item.Name;
        }

        return inner;
    }

    private static void ReadFunction(ref JsonCursor cursor, Item item, bool withArguments)
    {
        cursor.Read();
        if (!cursor.AtObject)
        {
            cursor.SkipHere();
            return;
        }

        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("name"u8):
                    seen.Add(0);
                    item.FunctionName = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("arguments"u8) && withArguments:
                    seen.Add(1);
                    item.Offer(0, ArgumentsOf(ref cursor));
                    break;
                case var name when name.SequenceEqual("parameters"u8) && withArguments:
                    seen.Add(2);
                    item.Offer(3, ArgumentsOf(ref cursor));
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }
    }

    private static Arguments? ArgumentsOf(ref JsonCursor cursor)
    {
        cursor.Read();
        switch (cursor.Token)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.StartObject:
                var start = cursor.TokenStart;
                cursor.SkipHere();
                var slice = cursor.SliceFrom(start);
                return slice.Length > VapiMessageReader.MaxStringBytes ? new(EmptyObject, ArgumentError.TooLong) : new(slice, ArgumentError.None);
            case JsonTokenType.String when cursor.ValueLength > VapiMessageReader.MaxStringBytes:
                return new(EmptyObject, ArgumentError.TooLong);
            case JsonTokenType.String:
                return FromText(cursor.BytesHere());
            default:
                cursor.SkipHere();
                return new(EmptyObject, ArgumentError.NotAnObject);
        }
    }

    private static Arguments FromText(byte[]? json)
    {
        if (json is null)
        {
            return new(EmptyObject, ArgumentError.NotAnObject);
        }

        if (json.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return new(EmptyObject, ArgumentError.None);
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // To the end: text behind the object is an error too.
            }

            return isObject ? new(json, ArgumentError.None) : new(EmptyObject, ArgumentError.NotAnObject);
        }
        catch (JsonException)
        {
            return new(EmptyObject, ArgumentError.NotAnObject);
        }
    }

    private readonly record struct Arguments(ReadOnlyMemory<byte> Json, ArgumentError Error);

    private sealed class Item
    {
        private Arguments? arguments;
        private int rank = int.MaxValue;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public string? FunctionName { get; set; }

        public void Offer(int atRank, Arguments? candidate)
        {
            if (candidate is not null && atRank < rank)
            {
                rank = atRank;
                arguments = candidate;
            }
        }

        public VapiToolCall ToCall()
        {
            var (json, error) = arguments ?? new(EmptyObject, ArgumentError.None);
            return new VapiToolCall(Id ?? string.Empty, FunctionName ?? Name ?? string.Empty, json, error);
        }
    }
}
