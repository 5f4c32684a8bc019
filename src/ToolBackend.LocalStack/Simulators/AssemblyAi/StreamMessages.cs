using System.Net.WebSockets;
using System.Text.Json;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>Messages of <c>/v3/ws</c> as they are on the wire. Times of words are whole milliseconds.</summary>
internal sealed class StreamMessages(SimulatorSocket socket, TimeSpan delay)
{
    public void Begin(TimeSpan after, TimeSpan longestSession) => socket.SendJson("Begin", string.Empty, json =>
    {
        json.WriteString("type", "Begin");
        json.WriteString("id", Guid.NewGuid().ToString());
        json.WriteNumber("expires_at", (socket.Time.GetUtcNow() + longestSession).ToUnixTimeSeconds());
    }, after);

    /// <param name="kind">partial, utterance, end or formatted: how it is recorded.</param>
    public void Turn(string kind, TurnMessage turn) => socket.SendJson(kind, turn.Transcript, json =>
    {
        json.WriteNumber("turn_order", turn.Order);
        json.WriteBoolean("turn_is_formatted", turn.IsFormatted);
        json.WriteBoolean("end_of_turn", turn.IsEnd);
        json.WriteString("transcript", turn.Transcript);
        json.WriteNumber("end_of_turn_confidence", turn.Confidence);
        json.WriteStartArray("words");
        foreach (var word in turn.Words)
        {
            json.WriteStartObject();
            json.WriteNumber("start", Milliseconds(word.Word.Start));
            json.WriteNumber("end", Milliseconds(word.Word.End));
            json.WriteString("text", word.Text);
            json.WriteNumber("confidence", 0.97);
            json.WriteBoolean("word_is_final", word.IsFinal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("utterance", turn.Utterance);
        json.WriteString("type", "Turn");
    }, delay);

    public void SpeechStarted(long at) => socket.SendJson("SpeechStarted", string.Empty, json =>
    {
        json.WriteString("type", "SpeechStarted");
        json.WriteNumber("timestamp", Milliseconds(at));
        json.WriteNumber("confidence", 0.98);
    }, delay);

    public void Termination(double audioSeconds, double sessionSeconds) => socket.SendJson("Termination", string.Empty, json =>
    {
        json.WriteString("type", "Termination");
        json.WriteNumber("audio_duration_seconds", (int)Math.Round(audioSeconds));
        json.WriteNumber("session_duration_seconds", (int)Math.Round(sessionSeconds));
    }, delay);

    /// <summary>An error frame and the end of the session.</summary>
    public void Fail(int status, string reason)
    {
        socket.SendJson("Error", reason, json =>
        {
            json.WriteString("type", "Error");
            json.WriteNumber("error_code", status);
            json.WriteString("error", reason);
        });
        socket.Close((WebSocketCloseStatus)status, reason);
    }

    private static long Milliseconds(long bytes) => bytes * 1000 / MuLaw.BytesPerSecond;
}

/// <summary>A Turn.</summary>
internal sealed record TurnMessage(int Order, string Transcript, IReadOnlyList<TurnWord> Words)
{
    public bool IsFormatted { get; init; }

    public bool IsEnd { get; init; }

    public double Confidence { get; init; }

    public string Utterance { get; init; } = string.Empty;
}

/// <summary>A word of a turn with its text as it is sent.</summary>
internal readonly record struct TurnWord(HeardWord Word, string Text, bool IsFinal);
