using System.Net.WebSockets;
using System.Text.Json;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>Messages of both websockets as they are on the wire. The detail of what was sent is the context.</summary>
/// <param name="hasAlignment">Every chunk carries its alignment; otherwise it is null.</param>
internal sealed class VoiceMessages(SimulatorSocket socket, KeyStyle style, bool hasAlignment)
{
    /// <param name="context">Null on stream-input.</param>
    public void Audio(string? context, SpeechChunk chunk)
    {
        Send(context, chunk);
        if (socket.Fault(SocketFaultKind.EmptyAudio) is not null)
        {
            Send(context, new SpeechChunk(default, []));
        }
    }

    public void Final(string? context) => socket.SendJson("final", context ?? string.Empty, json =>
    {
        if (context is null)
        {
            json.WriteNull("audio");
        }

        json.WriteBoolean(style.IsFinal, true);
        Context(json, context);
    });

    public void FlushDone(string context)
    {
        if (style.HasFlushDone)
        {
            socket.SendJson("flush_done", context, json =>
            {
                json.WriteString("type", "flush_done");
                Context(json, context);
            });
        }
    }

    /// <summary>The frame, and unless <paramref name="isLast"/> is false the end of the socket.</summary>
    public void Error(string error, string message, string? context = null, bool isLast = true)
    {
        socket.SendJson("error", error, json =>
        {
            json.WriteString("message", message);
            json.WriteString("error", error);
            json.WriteNumber("code", 1008);
            Context(json, context);
        });
        if (isLast)
        {
            socket.Close(WebSocketCloseStatus.PolicyViolation, message);
        }
    }

    private void Send(string? context, SpeechChunk chunk) => socket.SendJson("audio", context ?? string.Empty, json =>
    {
        json.WriteBase64String("audio", chunk.Audio.Span);
        if (style.NotFinal is not null)
        {
            json.WritePropertyName(style.IsFinal);
            json.WriteRawValue(style.NotFinal, skipInputValidation: true);
        }

        Alignment(json, "alignment", chunk.Characters, leading: false);
        Alignment(json, "normalizedAlignment", chunk.Characters, leading: true);
        Context(json, context);
    }, audio: chunk.Audio.Length);

    private void Context(Utf8JsonWriter json, string? context)
    {
        if (context is not null)
        {
            json.WriteString(style.ContextId, context);
        }
    }

    /// <summary>Times count from the beginning of the chunk.</summary>
    private void Alignment(Utf8JsonWriter json, string name, IReadOnlyList<SpokenCharacter> characters, bool leading)
    {
        if (!hasAlignment)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteStartArray("chars");
        if (leading)
        {
            json.WriteStringValue(" ");
        }

        foreach (var character in characters)
        {
            json.WriteStringValue(character.Character.ToString());
        }

        json.WriteEndArray();
        Numbers(json, "charStartTimesMs", characters.Select(character => character.Start), leading);
        Numbers(json, style.Durations, characters.Select(character => character.Length), leading);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<int> bytes, bool leading)
    {
        json.WriteStartArray(name);
        if (leading)
        {
            json.WriteNumberValue(0);
        }

        foreach (var count in bytes)
        {
            json.WriteNumberValue(count * 1000 / MuLaw.BytesPerSecond);
        }

        json.WriteEndArray();
    }
}
