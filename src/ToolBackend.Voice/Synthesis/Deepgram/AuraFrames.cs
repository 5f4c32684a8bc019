using System.Globalization;
using System.Text.Json;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Synthesis.Deepgram;

/// <summary>What is sent to Aura, as path, query and frames.</summary>
internal static class AuraFrames
{
    /// <summary>Longer texts are refused.</summary>
    internal const int LongestText = 2000;

    internal static readonly byte[] Flush = """{"type":"Flush"}"""u8.ToArray();
    internal static readonly byte[] Clear = """{"type":"Clear"}"""u8.ToArray();
    internal static readonly byte[] Goodbye = """{"type":"Close"}"""u8.ToArray();

    /// <summary>Encoding and rate are always said: by default it is linear audio at 24 kHz, noise on a telephone.</summary>
    internal static string Address(VoiceModel voice)
    {
        var model = Model(voice);
        var speed = voice.Speed is { } factor ? "&speed=" + Math.Clamp(factor, 0.5, 1.5).ToString("0.##", CultureInfo.InvariantCulture) : "";
        return $"/v1/speak?model={Uri.EscapeDataString(model)}&encoding=mulaw&sample_rate=8000{speed}";
    }

    /// <summary>Whole words, each piece at most <see cref="LongestText"/> long.</summary>
    internal static IEnumerable<byte[]> Speak(string text)
    {
        while (text.Length > LongestText)
        {
            var space = text.LastIndexOf(' ', LongestText - 1);
            var cut = space > 0 ? space + 1 : LongestText;
            yield return One(text[..cut]);
            text = text[cut..];
        }

        yield return One(text);
    }

    /// <summary>Definitions name the speaker ("thalia") with the family as model ("aura-2"), or the whole.</summary>
    private static string Model(VoiceModel voice) =>
        voice.VoiceId.StartsWith("aura-", StringComparison.Ordinal) ? voice.VoiceId
        : $"{voice.Model ?? "aura-2"}-{voice.VoiceId}-{voice.Language?.Split('-')[0] ?? "en"}";

    private static byte[] One(string text) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = "Speak", ["text"] = text });
}
