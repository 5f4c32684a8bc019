namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>
/// Flux's events as events of a turn. Its texts are snapshots of the whole turn.
/// <code>
/// StartOfTurn    SpeechStarted, Heard
/// Update         Heard when the text changed (also SpeechStarted when the start was lost); nothing in silence
/// EagerEndOfTurn LikelyOver
/// TurnResumed    Resumed, when LikelyOver was given; Heard when the text changed
/// EndOfTurn      Over, before it Resumed when LikelyOver was given with another text
/// next turn_index without EndOfTurn: Over of the one before
/// </code>
/// Words below the confidence threshold never make a turn: LikelyOver is held back and Over is empty.
/// </summary>
internal sealed class FluxTurns(double confidenceThreshold)
{
    private int _turn = -1;
    private bool _started;
    private bool _over;
    private string _heard = "";
    private string? _likely;

    public void Take(in FluxMessage message, TranscriptSink sink)
    {
        if (message.Kind is FluxKind.Other or FluxKind.Error || !Enter(message, sink))
        {
            return;
        }

        switch (message.Kind)
        {
            case FluxKind.EndOfTurn:
                End(message, sink);
                break;
            case FluxKind.EagerEndOfTurn when message.Text.Length > 0 && message.Words >= confidenceThreshold:
                Start(message, sink);
                GoOn(message, sink, unless: message.Text);
                (_heard, _likely) = (message.Text, message.Text);
                sink.Add(TranscriptKind.LikelyOver, message.Text, message.End, message.HeardTo);
                break;
            case FluxKind.TurnResumed:
                GoOn(message, sink, unless: null);
                Hear(message, sink);
                break;
            default:
                GoOn(message, sink, unless: message.Text);
                Hear(message, sink);
                break;
        }
    }

    /// <summary>False for a message of a turn that is over.</summary>
    private bool Enter(in FluxMessage message, TranscriptSink sink)
    {
        if (message.Turn < 0 || message.Turn == _turn)
        {
            return !_over || message.Turn < 0;
        }

        if (message.Turn < _turn)
        {
            return false;
        }

        if (_started && !_over)
        {
            sink.Add(TranscriptKind.Over, _heard, 1, message.HeardTo);
        }

        (_turn, _started, _over, _heard, _likely) = (message.Turn, false, false, "", null);
        return true;
    }

    private void Start(in FluxMessage message, TranscriptSink sink)
    {
        if (!_started)
        {
            (_started, _over) = (true, false);
            sink.Add(TranscriptKind.SpeechStarted, "", 1, message.HeardTo);
        }
    }

    private void Hear(in FluxMessage message, TranscriptSink sink)
    {
        if (message.Text.Length == 0)
        {
            return;
        }

        Start(message, sink);
        if (message.Text != _heard)
        {
            _heard = message.Text;
            sink.Add(TranscriptKind.Heard, message.Text, message.Words, message.HeardTo);
        }
    }

    private void GoOn(in FluxMessage message, TranscriptSink sink, string? unless)
    {
        if (_likely is not null && _likely != unless)
        {
            _likely = null;
            sink.Add(TranscriptKind.Resumed, message.Text.Length > 0 ? message.Text : _heard, message.Words, message.HeardTo);
        }
    }

    private void End(in FluxMessage message, TranscriptSink sink)
    {
        var text = message.Words >= confidenceThreshold ? message.Text : "";
        GoOn(message, sink, unless: text);
        if (_started || text.Length > 0)
        {
            Start(message, sink);
            sink.Add(TranscriptKind.Over, text, message.End, message.HeardTo);
        }

        (_started, _over, _heard, _likely) = (false, true, "", null);
    }
}
