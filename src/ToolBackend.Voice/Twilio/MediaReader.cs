using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// Reads Twilio's messages: 50 a second and call, so the audio is decoded in place and nothing is allocated for it. Never throws for what it is given.
/// </summary>
public static class MediaReader
{
    /// <summary>Messages are below 1 kB; <c>start</c> with its parameters below 16.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MostParameters = 32;

    /// <param name="message">UTF-8 JSON. Overwritten: the audio is decoded over it.</param>
    public static MediaMessage Read(Span<byte> message)
    {
        try
        {
            return ReadAny(message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            return new MediaMessage { Kind = MediaMessageKind.Malformed };
        }
    }

    private static MediaMessage ReadAny(Span<byte> message)
    {
        var json = new Utf8JsonReader(message);
        var kind = MediaMessageKind.Other;
        var hasEvent = false;
        (int At, int Length) payload = default;
        var timestamp = -1L;
        string? text = null;
        StreamStart? start = null;
        if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
        {
            return new MediaMessage { Kind = MediaMessageKind.Malformed };
        }

        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("event"u8))
            {
                json.Read();
                hasEvent = json.TokenType is JsonTokenType.String;
                kind = hasEvent ? Kind(ref json) : MediaMessageKind.Malformed;
            }
            else if (json.ValueTextEquals("media"u8))
            {
                (payload, timestamp) = ReadMedia(ref json);
            }
            else if (json.ValueTextEquals("mark"u8))
            {
                text = TextOf(ref json, "name"u8);
            }
            else if (json.ValueTextEquals("dtmf"u8))
            {
                text = TextOf(ref json, "digit"u8);
            }
            else if (json.ValueTextEquals("start"u8))
            {
                start = ReadStart(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        var isWhole = hasEvent && json.TokenType is JsonTokenType.EndObject && json.BytesConsumed == message.TrimEnd(" \r\n\t"u8).Length && kind switch
        {
            MediaMessageKind.Media => payload.Length > 0,
            MediaMessageKind.Mark or MediaMessageKind.Key => text is not null,
            MediaMessageKind.Start => start is not null,
            _ => true,
        };
        if (!isWhole)
        {
            return new MediaMessage { Kind = MediaMessageKind.Malformed };
        }

        return new MediaMessage { Kind = kind, Text = text ?? "", Timestamp = timestamp, Start = start, Audio = kind is MediaMessageKind.Media ? Decode(message.Slice(payload.At, payload.Length)) : default };
    }

    private static MediaMessageKind Kind(ref Utf8JsonReader json) =>
        json.ValueTextEquals("media"u8) ? MediaMessageKind.Media
        : json.ValueTextEquals("mark"u8) ? MediaMessageKind.Mark
        : json.ValueTextEquals("dtmf"u8) ? MediaMessageKind.Key
        : json.ValueTextEquals("start"u8) ? MediaMessageKind.Start
        : json.ValueTextEquals("stop"u8) ? MediaMessageKind.Stop
        : json.ValueTextEquals("connected"u8) ? MediaMessageKind.Connected
        : MediaMessageKind.Other;

    private static ReadOnlySpan<byte> Decode(Span<byte> base64) =>
        Base64.DecodeFromUtf8InPlace(base64, out var length) is OperationStatus.Done ? base64[..length] : throw new FormatException();

    /// <summary>Where the payload stands in the message; plain text, since Base64 has nothing to escape.</summary>
    private static ((int At, int Length) Payload, long Timestamp) ReadMedia(ref Utf8JsonReader json)
    {
        (int, int) payload = default;
        var timestamp = -1L;
        BeginObject(ref json);
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var isPayload = json.ValueTextEquals("payload"u8);
            var isTimestamp = !isPayload && json.ValueTextEquals("timestamp"u8);
            json.Read();
            if (isPayload && json.TokenType is JsonTokenType.String && !json.ValueIsEscaped)
            {
                payload = ((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
            }
            else if (isTimestamp && json.TokenType is JsonTokenType.String && Utf8Parser.TryParse(json.ValueSpan, out long value, out var used) && used == json.ValueSpan.Length)
            {
                timestamp = value; // a string on the wire, like every number of the envelope
            }
            else
            {
                json.Skip();
            }
        }

        return (payload, timestamp);
    }

    private static string? TextOf(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        string? text = null;
        BeginObject(ref json);
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var isIt = json.ValueTextEquals(name);
            json.Read();
            if (isIt && json.TokenType is JsonTokenType.String)
            {
                text = json.GetString();
            }
            else
            {
                json.Skip();
            }
        }

        return text;
    }

    private static StreamStart? ReadStart(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var start = document.RootElement;
        if (Text(start, "streamSid") is not { Length: > 0 } stream || Text(start, "callSid") is not { Length: > 0 } call)
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (start.TryGetProperty("customParameters", out var custom) && custom.ValueKind is JsonValueKind.Object)
        {
            foreach (var parameter in custom.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.String).Take(MostParameters))
            {
                parameters[parameter.Name] = parameter.Value.GetString()!;
            }
        }

        var format = start.TryGetProperty("mediaFormat", out var media) && media.ValueKind is JsonValueKind.Object ? media : default;
        var isMuLaw = format.ValueKind is JsonValueKind.Undefined
            || (Text(format, "encoding") is "audio/x-mulaw" && format.TryGetProperty("sampleRate", out var rate) && string.Equals(rate.ToString(), "8000", StringComparison.Ordinal));
        return new StreamStart(stream, call, Text(start, "accountSid") ?? "", isMuLaw, parameters);
    }

    private static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static void BeginObject(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            throw new FormatException();
        }
    }
}
