namespace ToolBackend.Voice.Transcription;

/// <summary>
/// Keeps what <see cref="TranscriptKind"/> promises across connections: speech starts once a turn, the same words are not given twice, and after LikelyOver comes Resumed or Over with the same
/// text. Pure. Knows the turn so far.
/// </summary>
internal sealed class TurnContract
{
    private string? _likely;
    private bool _started;

    /// <summary>Words of the turn that were given; empty between turns.</summary>
    public string Text { get; private set; } = "";

    public bool InTurn => _started;

    /// <summary>Adds to the list what is to be given for the event.</summary>
    public void Take(in TranscriptEvent heard, List<TranscriptEvent> give)
    {
        switch (heard.Kind)
        {
            case TranscriptKind.SpeechStarted:
                Start(heard, give);
                break;
            case TranscriptKind.Over or TranscriptKind.Paused:
                if (heard.Text.Length > 0)
                {
                    Start(heard, give);
                }

                if (_started)
                {
                    GoOn(heard, give, unless: heard.Text);
                    give.Add(heard);
                }

                (_started, _likely, Text) = (false, null, "");
                break;
            case TranscriptKind.LikelyOver:
                Start(heard, give);
                GoOn(heard, give, unless: heard.Text);
                if (_likely is null)
                {
                    give.Add(heard);
                }

                (_likely, Text) = (heard.Text, heard.Text);
                break;
            case TranscriptKind.Resumed:
                GoOn(heard, give, unless: null);
                break;
            default:
                Start(heard, give);
                GoOn(heard, give, unless: heard.Text);
                if (heard.Text != Text)
                {
                    give.Add(heard);
                    Text = heard.Text;
                }

                break;
        }
    }

    private void Start(in TranscriptEvent heard, List<TranscriptEvent> give)
    {
        if (!_started)
        {
            _started = true;
            give.Add(heard with { Kind = TranscriptKind.SpeechStarted, Text = "", Confidence = 1 });
        }
    }

    private void GoOn(in TranscriptEvent heard, List<TranscriptEvent> give, string? unless)
    {
        if (_likely is not null && _likely != unless)
        {
            _likely = null;
            give.Add(heard with { Kind = TranscriptKind.Resumed });
        }
    }
}
