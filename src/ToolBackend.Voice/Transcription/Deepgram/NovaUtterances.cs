namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>
/// Joins nova's windows to utterances.
/// <code>
/// interim       replaces the interim before            Heard(finals + interim)
/// final         is added to the finals                 Heard(finals)
/// speech_final  is added, then the utterance is given  Paused(finals)
/// UtteranceEnd  what is there, an interim too          Paused(finals + interim); nothing after a speech_final
/// </code>
/// A final below the confidence threshold is dropped. <see cref="TranscriptKind.Paused"/> with an empty text: all that was heard was dropped.
/// </summary>
internal sealed class NovaUtterances(double confidenceThreshold)
{
    private string _finals = "";
    private string _interim = "";
    private string _given = "";
    private double _confidence = 1;
    private double _finalsEnd = -1;
    private bool _voice;

    public void Take(in NovaMessage message, TranscriptSink sink)
    {
        switch (message.Kind)
        {
            case NovaKind.SpeechStarted:
                Start(sink, null);
                break;
            case NovaKind.Results when message.IsFinal:
                Final(message, sink);
                break;
            case NovaKind.Results:
                Interim(message, sink);
                break;
            case NovaKind.UtteranceEnd when message.LastWordEnd >= 0 && (_finals.Length > 0 || _interim.Length > 0 || _given.Length > 0 || _voice):
                Pause(Join(_finals, _interim), sink, null);
                break;
        }
    }

    private void Interim(in NovaMessage message, TranscriptSink sink)
    {
        // An empty interim says nothing new: the window's final will say whether its words were any.
        if (message.Text.Length == 0)
        {
            return;
        }

        (_interim, _confidence) = (message.Text, message.Confidence);
        Hear(Join(_finals, _interim), sink, message.Start + message.Duration);
    }

    private void Final(in NovaMessage message, TranscriptSink sink)
    {
        var end = message.Start + message.Duration;
        // A window that was given as final already comes again: only its speech_final can be news.
        var known = message.Duration > 0 && end <= _finalsEnd + 0.001;
        if (!known)
        {
            _finalsEnd = Math.Max(_finalsEnd, end);
            _interim = "";
            if (message.Text.Length > 0 && message.Confidence >= confidenceThreshold)
            {
                (_finals, _confidence) = (Join(_finals, message.Text), message.Confidence);
            }
        }

        if (!message.SpeechFinal)
        {
            Hear(_finals, sink, end);
        }
        else if (_finals.Length > 0 || _given.Length > 0 || _voice)
        {
            Pause(_finals, sink, end);
        }
    }

    private void Start(TranscriptSink sink, double? heardTo)
    {
        if (!_voice)
        {
            _voice = true;
            sink.Add(TranscriptKind.SpeechStarted, "", 1, heardTo);
        }
    }

    private void Hear(string text, TranscriptSink sink, double heardTo)
    {
        if (text.Length > 0 && text != _given)
        {
            Start(sink, heardTo);
            _given = text;
            sink.Add(TranscriptKind.Heard, text, _confidence, heardTo);
        }
    }

    private void Pause(string text, TranscriptSink sink, double? heardTo)
    {
        if (text.Length > 0)
        {
            Start(sink, heardTo);
        }

        (_finals, _interim, _given, _voice) = ("", "", "", false);
        sink.Add(TranscriptKind.Paused, text, _confidence, heardTo);
        _confidence = 1;
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first} {second}";
}
