using System.Globalization;
using ToolBackend.Load.Demo;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

namespace ToolBackend.Load.Call;

/// <summary>Prints a call while it goes on: who said what, and under it how long the caller waited and the agent spoke.</summary>
internal sealed class CallTranscript(Transcript transcript)
{
    /// <summary>One dot of silence.</summary>
    private const double Dot = 50;

    /// <summary>One block of speech.</summary>
    private const double Block = 250;

    private const int MostSigns = 40;

    public void Caller(string words) => transcript.Says("caller:", words, "36");

    public void Turn(CallTurn turn)
    {
        transcript.Says("agent:", turn.Heard.Length > 0 ? turn.Heard + (turn.WasInterrupted ? " — (interrupted)" : "") : "(nothing)", "32");
        transcript.Note(Waterfall(turn));
        transcript.Note("");
    }

    public void Summary(CallSummary summary)
    {
        static string Ms(TimeSpan? span) => span is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.TotalMilliseconds:0} ms") : "-";
        transcript.Title($"{summary.Turns} turns; silence before the agent speaks: p50 {Ms(summary.MedianSilence)}, slowest {Ms(summary.SlowestSilence)}; "
            + $"{summary.Interruptions} interruptions, {summary.Gaps} gaps; ended: {summary.Ending}");
    }

    /// <summary>"······▇▇▇▇▇▇▇▇  312 ms of silence, 2.1 s of speech".</summary>
    internal static string Waterfall(CallTurn turn)
    {
        if (turn.Silence is not { } silence)
        {
            return "no answer";
        }

        static int Signs(TimeSpan span, double each) => Math.Min(MostSigns, (int)Math.Ceiling(span.TotalMilliseconds / each));
        return string.Create(CultureInfo.InvariantCulture,
            $"{new string('·', Signs(silence, Dot))}{new string('▇', Signs(turn.Speech, Block))}  {silence.TotalMilliseconds:0} ms of silence, {turn.Speech.TotalSeconds:0.0} s of speech");
    }
}
