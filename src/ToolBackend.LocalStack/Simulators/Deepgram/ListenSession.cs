using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>
/// One <c>/v1/listen</c> socket. Time is the audio received. Kinds of messages sent: <c>interim</c>, <c>final</c>, <c>speech_final</c>, <c>from_finalize</c>,
/// <c>SpeechStarted</c>, <c>UtteranceEnd</c>, <c>ConfigureSuccess</c>, <c>Metadata</c>, with their transcript as detail.
/// </summary>
internal sealed class ListenSession(SimulatorSocket socket, ListenMessages messages, ListenQuery query, DeepgramTiming timing, bool answersEmptyFinalize) : ISocketSession
{
    private readonly AudibleTextReader _reader = new();
    private readonly List<HeardWord> _window = [];
    private long _activeAt = socket.Time.GetTimestamp();
    private long _windowStart;
    private long _resultAt;
    private long _speechStart = -1;
    private long _lastWordEnd = -1;
    private bool _isSpeechTold;
    private bool _isUtteranceOpen;
    private bool _isMidUtterance;

    public void OnOpen()
    {
        // Deepgram is silent until it has heard something.
    }

    public void OnBinary(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            socket.Record.AddViolation("A binary message without bytes.");
            EndStream();
            return;
        }

        if (message[0] == '{')
        {
            socket.Record.AddViolation("Text in a binary message is taken for audio.");
        }

        _activeAt = socket.Time.GetTimestamp();
        for (; message.Length > 0; message = message[Math.Min(message.Length, MuLaw.FrameBytes)..])
        {
            Hear(message[..Math.Min(message.Length, MuLaw.FrameBytes)]);
        }
    }

    public void OnText(ReadOnlySpan<byte> message)
    {
        switch (MessageType.Of(message))
        {
            case "KeepAlive":
                if (_reader.Position > 0) // it does not hold a connection that never had audio
                {
                    _activeAt = socket.Time.GetTimestamp();
                }

                break;
            case "Finalize":
                FinalizeBuffered();
                break;
            case "CloseStream":
                EndStream();
                break;
            case "Configure":
                messages.ConfigureSuccess();
                break;
            default:
                socket.Record.AddViolation("A text message that Deepgram does not know.");
                break;
        }
    }

    public void OnTick()
    {
        if (socket.Time.GetElapsedTime(_activeAt) >= timing.ListenIdle)
        {
            messages.Metadata(_reader.Position);
            socket.Close(
                WebSocketCloseStatus.InternalServerError,
                "Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001");
        }
    }

    public Task OnEndedAsync() => Task.CompletedTask;

    private void Hear(ReadOnlySpan<byte> audio)
    {
        var words = _reader.Push(audio);
        _window.AddRange(words);
        _lastWordEnd = words.Count > 0 ? words[^1].End : _lastWordEnd;
        NoteSpeech();
        if (_isUtteranceOpen && query.Endpointing is { } endpointing && _reader.Current is null && _reader.SilentFor >= endpointing)
        {
            Final("speech_final", _reader.Position);
            (_isUtteranceOpen, _isMidUtterance, _isSpeechTold, _speechStart) = (false, false, false, -1);
        }
        else if (Since(_windowStart) >= timing.FinalEvery)
        {
            // The word that is being said belongs to the next window.
            Final(_isUtteranceOpen ? "final" : "speech_final", _reader.Current?.Start ?? _reader.Position);
        }
        else if (query.Interims && Since(_resultAt) >= timing.InterimEvery)
        {
            _resultAt = _reader.Position;
            messages.Results("interim", _windowStart, _reader.Position, Known(), isBeginning: !_isMidUtterance);
        }

        if (query.UtteranceEnd is { } gap && _lastWordEnd >= 0 && _reader.Current is null && Since(_lastWordEnd) >= gap)
        {
            messages.UtteranceEnd(_lastWordEnd);
            _lastWordEnd = -1;
        }
    }

    private void NoteSpeech()
    {
        if (_reader.Current is { } current)
        {
            _speechStart = _speechStart < 0 ? current.Start : _speechStart;
            _isUtteranceOpen = true;
        }

        if (query.VadEvents && !_isSpeechTold && _speechStart >= 0 && Since(_speechStart) >= timing.SpeechStartedAfter)
        {
            _isSpeechTold = true;
            messages.SpeechStarted(_speechStart);
        }
    }

    private void FinalizeBuffered()
    {
        if (Known().Count > 0 || answersEmptyFinalize)
        {
            Final("from_finalize", _reader.Position, Known());
            _reader.SkipCurrent();
        }
    }

    private void EndStream()
    {
        if (Known().Count > 0)
        {
            Final("final", _reader.Position, Known());
        }

        messages.Metadata(_reader.Position);
        socket.Close(WebSocketCloseStatus.NormalClosure, string.Empty);
    }

    private void Final(string kind, long windowEnd, IReadOnlyList<HeardWord>? words = null)
    {
        words ??= _window;
        messages.Results(kind, _windowStart, windowEnd, words, isBeginning: !_isMidUtterance);
        _isMidUtterance |= words.Count > 0;
        _window.Clear();
        _windowStart = windowEnd;
        _resultAt = _reader.Position;
        if (socket.Fault(SocketFaultKind.EmptyFinals) is not null)
        {
            messages.Results(kind, windowEnd, windowEnd, [], isBeginning: false);
            messages.Results(kind, windowEnd, windowEnd, [], isBeginning: false);
        }
    }

    /// <summary>The words of the window and the one that is being said.</summary>
    private List<HeardWord> Known() => _reader.Current is { } current ? [.. _window, current] : _window;

    private TimeSpan Since(long position) => MuLaw.Duration(_reader.Position - position);
}
