namespace ToolBackend.Voice.Transcription.AssemblyAi;

/// <summary>
/// AssemblyAI's messages as events of a turn.
/// <code>
/// SpeechStarted (U3)            SpeechStarted
/// Turn                          Heard: all words, the unfinished one too (transcript lags a word behind)
/// Turn with utterance, not over LikelyOver, when early ends are asked for
/// Turn with end_of_turn         Over, once per turn_order: a formatted second one adds nothing
/// </code>
/// Words below the confidence threshold never make a turn: LikelyOver is held back and Over is empty.
/// </summary>
internal sealed class AssemblyAiTurns(double confidenceThreshold, bool early)
{
    private int _over = -1;
    private bool _started;
    private string _heard = "";
    private string? _likely;

    public void Take(in AssemblyAiMessage message, TranscriptSink sink)
    {
        if (message.Kind is AssemblyAiKind.SpeechStarted)
        {
            Start(sink, message.HeardTo);
        }

        // U3 fills only the transcript, the others are one word ahead in the words.
        var text = message.Words.Length >= message.Final.Length ? message.Words : message.Final;
        if (message.Kind is not AssemblyAiKind.Turn || (message.Turn >= 0 && message.Turn <= _over))
        {
            return;
        }

        if (message.EndOfTurn)
        {
            End(message, message.Final.Length > 0 ? message.Final : text, sink);
            return;
        }

        if (text.Length == 0)
        {
            return;
        }

        Start(sink, message.HeardTo);
        if (early && message.Utterance.Length > 0 && message.Confidence >= confidenceThreshold)
        {
            GoOn(message, message.Utterance, sink);
            (_heard, _likely) = (message.Utterance, message.Utterance);
            sink.Add(TranscriptKind.LikelyOver, message.Utterance, message.Confidence, message.HeardTo);
            return;
        }

        GoOn(message, text, sink);
        if (text != _heard)
        {
            _heard = text;
            sink.Add(TranscriptKind.Heard, text, message.Confidence, message.HeardTo);
        }
    }

    private void Start(TranscriptSink sink, double? heardTo)
    {
        if (!_started)
        {
            _started = true;
            sink.Add(TranscriptKind.SpeechStarted, "", 1, heardTo);
        }
    }

    private void GoOn(in AssemblyAiMessage message, string text, TranscriptSink sink)
    {
        if (_likely is not null && _likely != text)
        {
            _likely = null;
            sink.Add(TranscriptKind.Resumed, text, message.Confidence, message.HeardTo);
        }
    }

    private void End(in AssemblyAiMessage message, string text, TranscriptSink sink)
    {
        text = message.Confidence >= confidenceThreshold ? text : "";
        GoOn(message, text, sink);
        if (_started || text.Length > 0)
        {
            Start(sink, message.HeardTo);
            sink.Add(TranscriptKind.Over, text, message.Confidence, message.HeardTo);
        }

        (_over, _started, _heard, _likely) = (Math.Max(_over, message.Turn), false, "", null);
    }
}
