using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Transcripts;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>
/// One <c>/v2/listen</c> socket. Kinds of messages sent: the events (<c>Update</c>, <c>StartOfTurn</c>, <c>EagerEndOfTurn</c>, <c>TurnResumed</c>, <c>EndOfTurn</c>) with
/// their transcript as detail, and the other types by their name.
/// </summary>
internal sealed class FluxSession(SimulatorSocket socket, FluxMessages messages, FluxThresholds thresholds, DeepgramSimulatorOptions options, DeepgramTiming timing) : ISocketSession
{
    private readonly FluxTurn _turn = new();
    private FluxThresholds _thresholds = thresholds;
    private IReadOnlyList<string> _keyterms = [];
    private IReadOnlyList<string> _hints = [];
    private long _activeAt = socket.Time.GetTimestamp();
    private long _updateAt;

    public void OnOpen() => messages.Connected();

    public void OnBinary(ReadOnlySpan<byte> message)
    {
        _activeAt = socket.Time.GetTimestamp();
        if (message.IsEmpty)
        {
            socket.Record.AddViolation("A binary message without bytes.");
            socket.Close(WebSocketCloseStatus.Empty, string.Empty);
            return;
        }

        for (; message.Length > 0; message = message[Math.Min(message.Length, MuLaw.FrameBytes)..])
        {
            Hear(message[..Math.Min(message.Length, MuLaw.FrameBytes)]);
        }
    }

    public void OnText(ReadOnlySpan<byte> message)
    {
        _activeAt = socket.Time.GetTimestamp();
        switch (MessageType.Of(message))
        {
            case "CloseStream":
                Send("Update", 0);
                socket.Close(WebSocketCloseStatus.Empty, string.Empty); // no EndOfTurn, no Metadata
                break;
            case "Configure" when FluxConfigure.Read(message) is { } configure:
                Configure(configure);
                break;
            case "ForceEndTurn" when options.KnowsForceEndTurn:
                ForceEndTurn();
                break;
            default:
                socket.Record.AddViolation("A text message that Flux does not know.");
                messages.Unparsable();
                socket.Close(WebSocketCloseStatus.PolicyViolation, "UNPARSABLE_CLIENT_MESSAGE");
                break;
        }
    }

    public void OnTick()
    {
        if (socket.Time.GetElapsedTime(_activeAt) >= timing.FluxIdle)
        {
            socket.Close(WebSocketCloseStatus.InternalServerError, "No message was received in time.");
        }
    }

    public Task OnEndedAsync() => Task.CompletedTask;

    private void Hear(ReadOnlySpan<byte> audio)
    {
        switch (_turn.Hear(audio))
        {
            case TurnNews.Started:
                Send("StartOfTurn", 0.01);
                return;
            case TurnNews.Resumed:
                Send("TurnResumed", 0.02);
                return;
            case TurnNews.None when _turn.IsSilent && EndOfTurn():
                return;
            default:
                if (MuLaw.Duration(_turn.Position - _updateAt) >= timing.UpdateEvery)
                {
                    Send("Update", 0.01);
                }

                return;
        }
    }

    /// <summary>Whether the turn ended or may have.</summary>
    private bool EndOfTurn()
    {
        var sure = options.Confidence?.Invoke(Transcript.Sentence(_turn.Words, isBeginning: true));
        if (_turn.SilentFor >= timing.EndOfTurnAfter && _thresholds.EndOfTurn < 1 && (sure ?? 1) >= _thresholds.EndOfTurn)
        {
            End(sure ?? Math.Max(_thresholds.EndOfTurn, 0.86), "model");
            return true;
        }

        if (_turn.SilentFor.TotalMilliseconds >= _thresholds.TimeoutMilliseconds)
        {
            End(sure ?? 0.5, "timeout");
            return true;
        }

        if (_thresholds.Eager is { } eager && !_turn.IsEagerlyEnded && _turn.SilentFor >= timing.EagerAfter && (sure ?? 1) >= eager)
        {
            _turn.IsEagerlyEnded = true;
            Send("EagerEndOfTurn", sure ?? Math.Min(eager + 0.06, _thresholds.EndOfTurn));
            return true;
        }

        return false;
    }

    private void ForceEndTurn()
    {
        if (_turn.IsStarted)
        {
            End(0.5, "manual");
        }
        else
        {
            messages.NoActiveTurn();
        }
    }

    private void Configure(FluxConfigure configure)
    {
        var (changed, error) = configure.Over(_thresholds);
        if (changed is null)
        {
            messages.ConfigureFailure(error!);
            return;
        }

        _thresholds = changed;
        _keyterms = configure.Keyterms ?? _keyterms;
        _hints = configure.LanguageHints ?? _hints;
        messages.ConfigureSuccess(_thresholds, _keyterms, _hints);
    }

    private void End(double confidence, string trigger)
    {
        Send("EndOfTurn", confidence, trigger);
        _turn.Next();
    }

    private void Send(string name, double confidence, string? trigger = null)
    {
        _updateAt = _turn.Position;
        messages.TurnInfo(name, _turn.Index, _turn.Start, _turn.Position, _turn.Words, confidence, trigger);
    }
}
