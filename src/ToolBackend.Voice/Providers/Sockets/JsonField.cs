using System.Text.Json;

namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>Reads values of vendors' messages where they stand, whatever stands there instead: a wrong type reads as nothing.</summary>
internal static class JsonField
{
    /// <summary>Moves into the object that a message is.</summary>
    public static bool Open(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType is JsonTokenType.StartObject;

    /// <summary>Moves to the next property's name; false at the object's end.</summary>
    public static bool Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType is JsonTokenType.PropertyName;

    /// <summary>Whether nothing follows the message.</summary>
    public static bool IsAtEnd(ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.EndObject && reader.CurrentDepth == 0 && !reader.Read();

    public static bool Is(in Utf8JsonReader reader, ReadOnlySpan<byte> text) => reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(text);

    /// <summary>Moves to the value and reads it; null when it is no finite number.</summary>
    public static double? Number(ref Utf8JsonReader reader)
    {
        Value(ref reader);
        return reader.TokenType is JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
    }

    /// <summary>Moves to the value and reads it; false for anything but true.</summary>
    public static bool Flag(ref Utf8JsonReader reader)
    {
        Value(ref reader);
        return reader.TokenType is JsonTokenType.True;
    }

    /// <summary>Moves to the value and reads it; null when it is no text.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        Value(ref reader);
        return reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
    }

    /// <summary>Moves to the value, over the whole of it when it is an object or an array.</summary>
    public static void Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
