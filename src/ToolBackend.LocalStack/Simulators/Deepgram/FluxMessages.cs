using System.Text.Json;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Transcripts;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>Messages of <c>/v2/listen</c> as they are on the wire; all are numbered.</summary>
internal sealed class FluxMessages(SimulatorSocket socket, string requestId, TimeSpan delay)
{
    private int _sequence;

    public void Connected() => Send("Connected", string.Empty, "Connected", _ => { });

    /// <param name="trigger">Of EndOfTurn: model, manual or timeout.</param>
    public void TurnInfo(string name, int turn, long start, long end, IReadOnlyList<HeardWord> words, double confidence, string? trigger = null)
    {
        var text = Transcript.Sentence(words, isBeginning: true);
        Send(name, text, "TurnInfo", json =>
        {
            json.WriteString("event", name);
            json.WriteNumber("turn_index", turn);
            json.WriteNumber("audio_window_start", Transcript.Seconds(start));
            json.WriteNumber("audio_window_end", Transcript.Seconds(end));
            json.WriteString("transcript", text);
            json.WriteStartArray("words");
            for (var i = 0; i < words.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("word", Transcript.Sentence([words[i]], isBeginning: i == 0));
                json.WriteNumber("confidence", 0.98);
                json.WriteNumber("start", Transcript.Seconds(words[i].Start));
                json.WriteNumber("end", Transcript.Seconds(words[i].End));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("end_of_turn_confidence", confidence);
            if (trigger is not null)
            {
                json.WriteString("trigger", trigger);
            }
        });
    }

    public void ConfigureSuccess(FluxThresholds thresholds, IReadOnlyList<string> keyterms, IReadOnlyList<string> hints) =>
        Send("ConfigureSuccess", string.Empty, "ConfigureSuccess", json =>
        {
            json.WriteStartObject("thresholds");
            if (thresholds.Eager is { } eager)
            {
                json.WriteNumber("eager_eot_threshold", eager);
            }

            json.WriteNumber("eot_threshold", thresholds.EndOfTurn);
            json.WriteNumber("eot_timeout_ms", thresholds.TimeoutMilliseconds);
            json.WriteEndObject();
            Texts(json, "keyterms", keyterms);
            Texts(json, "language_hints", hints);
        });

    public void ConfigureFailure(string description) => Send("ConfigureFailure", description, "ConfigureFailure", json =>
    {
        json.WriteString("code", "INVALID_THRESHOLD");
        json.WriteString("description", description);
    });

    public void NoActiveTurn() => Send("Warning", string.Empty, "Warning", json =>
    {
        json.WriteString("code", "FORCE_END_TURN_NO_ACTIVE_TURN");
        json.WriteString("description", "There is no active turn to end.");
    });

    public void Unparsable() => Send("Error", string.Empty, "Error", json =>
    {
        json.WriteString("code", "UNPARSABLE_CLIENT_MESSAGE");
        json.WriteString("description", "Text message received from client did not match any of the formats we expect.");
    });

    private void Send(string kind, string detail, string type, Action<Utf8JsonWriter> write) => socket.SendJson(kind, detail, json =>
    {
        json.WriteString("type", type);
        if (type is not ("Error" or "Warning"))
        {
            json.WriteString("request_id", requestId);
        }

        if (type is not "Warning")
        {
            json.WriteNumber("sequence_id", _sequence);
        }

        _sequence++;
        write(json);
    }, delay);

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
