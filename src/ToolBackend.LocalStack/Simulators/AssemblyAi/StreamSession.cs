using System.Globalization;
using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>
/// One <c>/v3/ws</c> socket. Kinds of messages sent: <c>Begin</c>, <c>partial</c>, <c>utterance</c>, <c>end</c>, <c>formatted</c> (Turns, with their transcript as detail),
/// <c>SpeechStarted</c>, <c>Termination</c>, <c>Error</c>.
/// </summary>
/// <param name="refusal">Status and reason to close with at once; null: the session may begin.</param>
internal sealed class StreamSession(
    SimulatorSocket socket, StreamMessages messages, StreamQuery query, AssemblyAiSimulatorOptions options, (int Status, string Reason)? refusal) : ISocketSession
{
    private const int LeastMilliseconds = 50;
    private const int MostMilliseconds = 1000;

    private readonly HeardTurn _turn = new(query.IsU3);
    private readonly long _openedAt = socket.Time.GetTimestamp();
    private long _activeAt = socket.Time.GetTimestamp();
    private TurnSettings _settings = query.Turns;
    private long _firstAudioAt;
    private long _received;
    private long _partialAt;
    private bool _isSpeechTold;

    public void OnOpen()
    {
        if (refusal is var (status, reason))
        {
            socket.Close((WebSocketCloseStatus)status, reason);
            return;
        }

        if (socket.Fault(SocketFaultKind.InvalidKey) is not null)
        {
            socket.Close(WebSocketCloseStatus.PolicyViolation, "Unauthorized Connection: Invalid API key");
            return;
        }

        if (!query.IsPhoneAudio)
        {
            socket.Record.AddViolation("Audio is not declared as pcm_mulaw with 8000 samples a second: nothing will be heard in it.");
        }

        messages.Begin(options.BeginAfter, options.LongestSession);
    }

    public void OnBinary(ReadOnlySpan<byte> message)
    {
        var now = socket.Time.GetTimestamp();
        _activeAt = now;
        _firstAudioAt = _received == 0 ? now : _firstAudioAt;
        _received += message.Length;
        var milliseconds = message.Length * 1000.0 / query.BytesPerSecond;
        if (milliseconds is < LeastMilliseconds or > MostMilliseconds)
        {
            Fail(3007, $"Input duration violation: {milliseconds:0.##} ms. Expected between {LeastMilliseconds} and {MostMilliseconds} ms");
            return;
        }

        var (audio, passed) = (_received / (double)query.BytesPerSecond, socket.Time.GetElapsedTime(_firstAudioAt, now).TotalSeconds);
        if (options.MostAhead is { } ahead && audio - passed > ahead.TotalSeconds + (milliseconds / 1000))
        {
            Fail(3007, string.Create(CultureInfo.InvariantCulture, $"Audio Transmission Rate Exceeded: Received {audio:0.##} sec. audio in {passed:0.##} sec"));
            return;
        }

        if (query.IsPhoneAudio)
        {
            for (; message.Length > 0; message = message[Math.Min(message.Length, MuLaw.FrameBytes)..])
            {
                Hear(message[..Math.Min(message.Length, MuLaw.FrameBytes)]);
            }
        }
    }

    public void OnText(ReadOnlySpan<byte> message)
    {
        _activeAt = socket.Time.GetTimestamp();
        switch (MessageType.Of(message))
        {
            case null:
                Fail(3006, "Invalid JSON");
                break;
            case "UpdateConfiguration" when _settings.With(message) is { } changed:
                _settings = changed;
                break;
            case "UpdateConfiguration":
                Fail(3006, "Invalid Message: UpdateConfiguration");
                break;
            case "ForceEndpoint":
                EndIfStarted();
                break;
            case "KeepAlive":
                break;
            case "Terminate":
                EndIfStarted();
                messages.Termination(_received / (double)query.BytesPerSecond, socket.Time.GetElapsedTime(_openedAt).TotalSeconds);
                socket.Close(WebSocketCloseStatus.NormalClosure, string.Empty);
                break;
            case var other:
                Fail(3006, "Invalid Message Type: " + other);
                break;
        }
    }

    public void OnTick()
    {
        if (socket.Time.GetElapsedTime(_openedAt) >= options.LongestSession)
        {
            messages.Fail(3008, "Session Expired: Maximum session duration exceeded");
        }
        else if (query.InactivityTimeout is { } timeout && socket.Time.GetElapsedTime(_activeAt) >= timeout)
        {
            messages.Fail(3005, "Session Cancelled: Inactivity timeout");
        }
    }

    public Task OnEndedAsync() => Task.CompletedTask;

    private void Hear(ReadOnlySpan<byte> audio)
    {
        _turn.Hear(audio);
        if (!_turn.IsStarted)
        {
            return;
        }

        if (query.IsU3 && !_isSpeechTold)
        {
            _isSpeechTold = true;
            messages.SpeechStarted(_turn.Start);
        }

        if (_turn.IsSpeaking)
        {
            if (!query.IsU3 && MuLaw.Duration(_turn.Position - _partialAt) >= options.PartialEvery)
            {
                _partialAt = _turn.Position;
                messages.Turn("partial", _turn.Partial());
            }
        }
        else
        {
            Pause();
        }
    }

    private void Pause()
    {
        if (!_turn.IsUtteranceTold && _turn.SilentFor >= options.UtteranceAfter)
        {
            messages.Turn(query.IsU3 ? "partial" : "utterance", query.IsU3 ? _turn.Partial() : _turn.Utterance());
            _turn.IsUtteranceTold = true;
        }

        var confidence = Confidence();
        if (_turn.SilentFor >= _settings.MaxSilence || (_turn.SilentFor >= _settings.MinSilence && confidence >= _settings.Threshold && _settings.Threshold < 1))
        {
            End(confidence);
        }
    }

    private double Confidence()
    {
        if (query.IsU3)
        {
            return _turn.Sentence is [.., '.' or '!' or '?'] ? 1 : 0;
        }

        return options.Confidence?.Invoke(_turn.Sentence) ?? 0.9;
    }

    private void EndIfStarted()
    {
        if (_turn.IsStarted)
        {
            End(Confidence());
        }
    }

    private void End(double confidence)
    {
        if (!query.FormatTurns || query.IsU3 || options.SendsBothFinals)
        {
            messages.Turn("end", _turn.End(confidence, isFormatted: false));
        }

        if (query.FormatTurns && !query.IsU3)
        {
            messages.Turn("formatted", _turn.End(confidence, isFormatted: true));
        }

        _turn.Next();
        _isSpeechTold = false;
        _partialAt = _turn.Position;
    }

    private void Fail(int status, string reason)
    {
        socket.Record.AddViolation(reason);
        messages.Fail(status, reason);
    }
}
