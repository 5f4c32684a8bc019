using System.Globalization;
using System.Text.Json;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Transcripts;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>Messages of <c>/v1/listen</c> as they are on the wire.</summary>
internal sealed class ListenMessages(SimulatorSocket socket, ListenQuery query, string requestId, Func<string, double>? confidence, TimeSpan delay)
{
    private const string Version = "2025-04-17.21547";
    private const string ModelId = "9f2f7c3c-7d1b-4b7e-8a53-0c6d2b6f9a11";
    private const string NothingHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <param name="kind">interim, final, speech_final or from_finalize.</param>
    /// <param name="isBeginning">The window begins an utterance.</param>
    public void Results(string kind, long start, long end, IReadOnlyList<HeardWord> words, bool isBeginning)
    {
        var text = query.Punctuate ? Transcript.Sentence(words, isBeginning) : Transcript.Plain(words);
        var sure = words.Count == 0 ? 0 : confidence?.Invoke(text) ?? 0.98;
        socket.SendJson(kind, text, json =>
        {
            json.WriteString("type", "Results");
            Channels(json, "channel_index");
            json.WriteNumber("duration", Transcript.Seconds(end - start));
            json.WriteNumber("start", Transcript.Seconds(start));
            json.WriteBoolean("is_final", kind != "interim");
            json.WriteBoolean("speech_final", kind == "speech_final");
            json.WriteStartObject("channel");
            json.WriteStartArray("alternatives");
            json.WriteStartObject();
            json.WriteString("transcript", text);
            json.WriteNumber("confidence", sure);
            json.WriteStartArray("words");
            for (var i = 0; i < words.Count; i++)
            {
                Word(json, words[i], sure, isBeginning && i == 0);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartObject("metadata");
            json.WriteString("request_id", requestId);
            json.WritePropertyName("model_info");
            ModelInfo(json);
            json.WriteString("model_uuid", ModelId);
            json.WriteEndObject();
            json.WriteBoolean("from_finalize", kind == "from_finalize");
        }, delay);
    }

    public void SpeechStarted(long at) => socket.SendJson("SpeechStarted", string.Empty, json =>
    {
        json.WriteString("type", "SpeechStarted");
        Channels(json, "channel");
        json.WriteNumber("timestamp", Transcript.Seconds(at));
    }, delay);

    public void UtteranceEnd(long lastWordEnd) => socket.SendJson("UtteranceEnd", string.Empty, json =>
    {
        json.WriteString("type", "UtteranceEnd");
        Channels(json, "channel");
        json.WriteNumber("last_word_end", Transcript.Seconds(lastWordEnd));
    }, delay);

    public void ConfigureSuccess() => socket.SendJson("ConfigureSuccess", string.Empty, json =>
    {
        json.WriteString("type", "ConfigureSuccess");
        json.WriteString("request_id", requestId);
        json.WriteStartArray("keyterms");
        json.WriteEndArray();
    }, delay);

    public void Metadata(long position) => socket.SendJson("Metadata", string.Empty, json =>
    {
        json.WriteString("type", "Metadata");
        json.WriteString("transaction_key", "deprecated");
        json.WriteString("request_id", requestId);
        json.WriteString("sha256", position == 0 ? NothingHash : "incomplete");
        json.WriteString("created", socket.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("duration", Transcript.Seconds(position));
        json.WriteNumber("channels", position == 0 ? 0 : 1);
        if (position > 0)
        {
            json.WriteStartArray("models");
            json.WriteStringValue(ModelId);
            json.WriteEndArray();
            json.WriteStartObject("model_info");
            json.WritePropertyName(ModelId);
            ModelInfo(json);
            json.WriteEndObject();
        }
    }, delay);

    private void Word(Utf8JsonWriter json, HeardWord word, double sure, bool isCapital)
    {
        json.WriteStartObject();
        json.WriteString("word", Transcript.Plain(word.Text));
        json.WriteNumber("start", Transcript.Seconds(word.Start));
        json.WriteNumber("end", Transcript.Seconds(word.End));
        json.WriteNumber("confidence", sure);
        if (query.Punctuate)
        {
            json.WriteString("punctuated_word", Transcript.Sentence([word], isCapital));
        }

        json.WriteEndObject();
    }

    private void ModelInfo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", "general-" + query.Model);
        json.WriteString("version", Version);
        json.WriteString("arch", query.Model);
        json.WriteEndObject();
    }

    private static void Channels(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(0);
        json.WriteNumberValue(1);
        json.WriteEndArray();
    }
}
