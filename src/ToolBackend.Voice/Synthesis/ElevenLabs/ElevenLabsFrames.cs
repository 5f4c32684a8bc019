using System.Text.Json;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>What is sent to ElevenLabs, as path, query and frames.</summary>
internal static class ElevenLabsFrames
{
    private const string DefaultModel = "eleven_flash_v2_5";

    /// <summary>The output format belongs into the query: by default it is mp3, noise on a telephone.</summary>
    internal static string Address(VoiceModel voice)
    {
        var model = voice.Model ?? DefaultModel;
        // Only these know the parameter, the others refuse it.
        var language = voice.Language is { Length: >= 2 } code && model.EndsWith("_v2_5", StringComparison.Ordinal) ? $"&language_code={Uri.EscapeDataString(code.Split('-')[0])}" : "";
        return $"/v1/text-to-speech/{Uri.EscapeDataString(voice.VoiceId)}/multi-stream-input?model_id={Uri.EscapeDataString(model)}"
            + $"&output_format=ulaw_8000&auto_mode=true&sync_alignment=true&inactivity_timeout=180{language}";
    }

    /// <summary>The first text of a context. Settings may stand only here.</summary>
    internal static byte[] First(string context, string text, VoiceModel voice) => Write(context, (text, voice), static (json, with) =>
    {
        json.WriteString("text"u8, with.text);
        json.WriteStartObject("voice_settings"u8);
        Number(json, "stability", with.voice.Stability);
        Number(json, "similarity_boost", with.voice.SimilarityBoost);
        Number(json, "style", with.voice.Style);
        Number(json, "speed", with.voice.Speed);
        if (with.voice.UseSpeakerBoost is { } boost)
        {
            json.WriteBoolean("use_speaker_boost"u8, boost);
        }

        json.WriteEndObject();
    });

    internal static byte[] Text(string context, string text, bool flush) => Write(context, (text, flush), static (json, with) =>
    {
        json.WriteString("text"u8, with.text);
        if (with.flush)
        {
            json.WriteBoolean("flush"u8, true);
        }
    });

    internal static byte[] Flush(string context) => Write(context, true, static (json, _) => json.WriteBoolean("flush"u8, true));

    internal static byte[] Close(string context) => Write(context, true, static (json, _) => json.WriteBoolean("close_context"u8, true));

    /// <summary>Holds one context open. (On the other socket, stream-input, it would end the stream.)</summary>
    internal static byte[] Hold(string context) => Write(context, true, static (json, _) => json.WriteString("text"u8, ""));

    /// <summary>Holds a connection without contexts open.</summary>
    internal static byte[] Hold() => """{"text":""}"""u8.ToArray();

    internal static byte[] Goodbye() => """{"close_socket":true}"""u8.ToArray();

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static byte[] Write<T>(string context, T with, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json, with);
            json.WriteString("context_id"u8, context);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
