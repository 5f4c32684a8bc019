using System.Net.WebSockets;
using System.Text.Json;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>One <c>/v1/speak</c> socket (Aura). Kinds of messages sent: <c>audio</c>, <c>Metadata</c>, <c>Flushed</c>, <c>Cleared</c>, <c>Warning</c>, <c>Error</c>.</summary>
internal sealed class SpeakSession : ISocketSession
{
    private const int MostCharacters = 2000;
    private const int MostFlushes = 20;

    // Audio that was on its way comes before Cleared.
    private static readonly TimeSpan s_clearing = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_flushWindow = TimeSpan.FromSeconds(60);

    private readonly SimulatorSocket _socket;
    private readonly SpeakMessages _messages;
    private readonly SpeechStream _speech;
    private readonly Queue<long> _flushes = new();
    private string _buffered = string.Empty;

    public SpeakSession(SimulatorSocket socket, SpeakMessages messages, VoiceTiming timing)
    {
        _socket = socket;
        _messages = messages;
        _speech = new SpeechStream(timing, socket.Time, socket.Gate, chunk => socket.SendAudio("audio", string.Empty, chunk.Audio.Span), socket.Ended);
    }

    public void OnOpen() => _messages.Metadata();

    public void OnBinary(ReadOnlySpan<byte> message)
    {
        _socket.Record.AddViolation("A binary message.");
        _socket.Close(WebSocketCloseStatus.PolicyViolation, "DATA-0000");
    }

    public void OnText(ReadOnlySpan<byte> message)
    {
        switch (MessageType.Of(message))
        {
            case "Speak":
                Speak(message);
                break;
            case "Flush":
                Flush();
                break;
            case "Clear":
                Clear();
                break;
            case "Close":
                Say(_buffered);
                _buffered = string.Empty;
                _speech.Mark(() => _socket.Close(WebSocketCloseStatus.NormalClosure, string.Empty));
                break;
            default:
                _socket.Record.AddViolation("A text message that Aura does not know.");
                _socket.Close(WebSocketCloseStatus.PolicyViolation, "DATA-0001");
                break;
        }
    }

    public void OnTick()
    {
        // An idle socket stays open.
    }

    public Task OnEndedAsync() => _speech.Pumping;

    private void Speak(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        using var document = JsonDocument.ParseValue(ref reader);
        var text = document.RootElement.TryGetProperty("text", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        if (text is null or { Length: > MostCharacters })
        {
            _socket.Record.AddViolation(text is null ? "Speak without text." : $"Speak with {text.Length} characters; {MostCharacters} are allowed.");
            _messages.Error(text is null ? "Speak needs a text." : $"Text exceeds the limit of {MostCharacters} characters.");
            return;
        }

        _buffered += text;
        var end = SentenceEnd(_buffered);
        Say(_buffered[..end]);
        _buffered = _buffered[end..];
    }

    private void Flush()
    {
        var now = _socket.Time.GetTimestamp();
        _flushes.Enqueue(now);
        while (_socket.Time.GetElapsedTime(_flushes.Peek(), now) > s_flushWindow)
        {
            _flushes.Dequeue();
        }

        if (_flushes.Count > MostFlushes)
        {
            _socket.Record.AddViolation($"More than {MostFlushes} flushes in 60 s.");
            _messages.Warning($"Flush was sent more than {MostFlushes} times in 60 seconds.");
            return;
        }

        Say(_buffered);
        _buffered = string.Empty;
        _speech.Mark(_messages.Flushed);
    }

    private void Clear()
    {
        _buffered = string.Empty;
        _speech.Spill();
        _speech.Drop();
        _messages.Cleared(s_clearing);
    }

    private void Say(string text)
    {
        _socket.Record.AddCharacters(text.Length);
        _speech.Say(text, _socket.Fault(SocketFaultKind.SlowFirstByte)?.For ?? TimeSpan.Zero);
    }

    /// <summary>Behind the last sentence that is surely over: a full stop at the very end may be a decimal point.</summary>
    private static int SentenceEnd(string text)
    {
        for (var i = text.Length - 1; i > 0; i--)
        {
            if (char.IsWhiteSpace(text[i]) && text[i - 1] is ('.' or '!' or '?'))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
