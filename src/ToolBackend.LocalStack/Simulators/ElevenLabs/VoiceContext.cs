using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>One stream of speech: a context of multi-stream-input, or all of stream-input (id null).</summary>
internal sealed class VoiceContext
{
    private readonly SimulatorSocket _socket;
    private readonly TextBuffer _buffer;
    private readonly string? _settings;
    private int _flushes;

    public VoiceContext(string? id, SimulatorSocket socket, VoiceMessages messages, VoiceTiming timing, bool isAuto, string? settings)
    {
        Id = id;
        _socket = socket;
        _buffer = new TextBuffer(isAuto);
        _settings = settings;
        Speech = new SpeechStream(timing, socket.Time, socket.Gate, chunk => messages.Audio(id, chunk), socket.Ended);
        Touch();
    }

    public string? Id { get; }

    public SpeechStream Speech { get; }

    /// <summary>Its final is on the way (or, by a fault, never comes).</summary>
    public bool IsClosing { get; set; }

    /// <summary>Of the last message for it.</summary>
    public long ActiveAt { get; private set; }

    public bool HasPendingFlush => _flushes > 0;

    public void Touch() => ActiveAt = _socket.Time.GetTimestamp();

    /// <summary>Settings may come again, but not change.</summary>
    public bool Agrees(string? settings) => settings is null || settings == _settings;

    public bool Reschedule(IReadOnlyList<int>? schedule) => schedule is null || _buffer.Reschedule(schedule);

    public void Add(string text, bool trigger) => Say(_buffer.Add(text, trigger));

    /// <summary>Generates all that is buffered.</summary>
    public void Flush(Action? done = null)
    {
        Say(_buffer.Flush());
        _flushes++;
        Speech.Mark(() =>
        {
            _flushes--;
            done?.Invoke();
        });
    }

    private void Say(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        _socket.Record.AddCharacters(text.Length);
        Speech.Say(text, _socket.Fault(SocketFaultKind.SlowFirstByte)?.For ?? TimeSpan.Zero);
    }
}
