using System.Text.Json;

namespace ToolBackend.Vapi.Messages;

/// <summary>The closed error of a read, carried as an exception inside the reader only.</summary>
internal sealed class MalformedException(MalformedReason reason) : Exception
{
    public MalformedReason Reason { get; } = reason;
}

/// <summary>
/// Utf8JsonReader that knows its offset in the body and can leap over a member's value without tokenising it. The reader cannot be moved,
/// so a leap reads the literal <c>null</c> in the value's place and goes on behind the value with the same reader state.
/// </summary>
internal ref struct JsonCursor
{
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private readonly ReadOnlyMemory<byte> body;
    private Utf8JsonReader reader;
    private int origin;

    public JsonCursor(ReadOnlyMemory<byte> body)
    {
        this.body = body;
        reader = new Utf8JsonReader(body.Span, isFinalBlock: true, new JsonReaderState(Options));
    }

    public readonly JsonTokenType Token => reader.TokenType;

    public readonly int Position => origin + (int)reader.BytesConsumed;

    public readonly int TokenStart => origin + (int)reader.TokenStartIndex;

    public readonly bool AtObject => reader.TokenType == JsonTokenType.StartObject;

    public readonly bool AtArray => reader.TokenType == JsonTokenType.StartArray;

    public bool Read() => reader.Read();

    /// <summary>Moves to the next property of the object that the cursor is in; false at its end.</summary>
    public bool NextProperty()
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next element of the array that the cursor is in; false at its end.</summary>
    public bool NextElement()
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>The property's name, unescaped when that is needed; longer names than any known one come back empty.</summary>
    public readonly ReadOnlySpan<byte> Name(Span<byte> scratch)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (reader.ValueSpan.Length > scratch.Length)
        {
            return default;
        }

        try
        {
            return scratch[..reader.CopyString(scratch)];
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: no name of ours.
            return default;
        }
    }

    /// <summary>Leaves the value that the cursor is at (an object, an array or a scalar).</summary>
    public void SkipHere() => reader.Skip();

    /// <summary>Leaves the value of the property that the cursor is at and returns it as a slice of the body.</summary>
    public ReadOnlyMemory<byte> SkipValue()
    {
        var span = body.Span;
        var start = Position;
        while (start < span.Length && span[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            start++;
        }

        if (start < span.Length && span[start] is (byte)'{' or (byte)'[')
        {
            var length = JsonLeap.ContainerLength(span[start..], MaxDepth - reader.CurrentDepth);
            if (length > 0)
            {
                LeapTo(start + length);
                return body.Slice(start, length);
            }
        }

        // Scalars, and containers that do not end: the reader says what is wrong with them.
        reader.Read();
        start = TokenStart;
        reader.Skip();
        return body[start..Position];
    }

    /// <summary>Reads the value of the property that the cursor is at, as a string; null for other types.</summary>
    public string? ReadText()
    {
        reader.Read();
        return TextHere();
    }

    public string? TextHere()
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        if (reader.ValueSpan.Length > VapiMessageReader.MaxStringBytes)
        {
            throw new MalformedException(MalformedReason.StringTooLong);
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new MalformedException(MalformedReason.InvalidText) { Source = e.Source };
        }
    }

    /// <summary>The string at the cursor, unescaped, as UTF-8; null when an escape is no character.</summary>
    public readonly byte[]? BytesHere()
    {
        var buffer = new byte[reader.ValueSpan.Length];
        try
        {
            var written = reader.CopyString(buffer);
            return buffer.AsSpan(0, written).ToArray();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public readonly int ValueLength => reader.ValueSpan.Length;

    /// <summary>The string or number at the cursor as it is written, without quotes.</summary>
    public readonly ReadOnlySpan<byte> RawValue => reader.ValueSpan;

    /// <summary>The token at the cursor as it is written.</summary>
    public readonly ReadOnlySpan<byte> RawToken => body.Span[TokenStart..Position];

    public readonly bool IsEscaped => reader.ValueIsEscaped;

    /// <summary>Slice of the body from an offset to the end of the current token.</summary>
    public readonly ReadOnlyMemory<byte> SliceFrom(int start) => body[start..Position];

    public readonly bool TryGetNumber(out double value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value);
    }

    private void LeapTo(int position)
    {
        var stub = new Utf8JsonReader("null "u8, isFinalBlock: false, reader.CurrentState);
        stub.Read();
        reader = new Utf8JsonReader(body.Span[position..], isFinalBlock: true, stub.CurrentState);
        origin = position;
    }
}
