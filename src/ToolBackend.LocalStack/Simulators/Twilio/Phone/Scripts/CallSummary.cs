namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>A call in a few numbers, as the telephone saw it.</summary>
/// <param name="Turns">Those that the caller began.</param>
/// <param name="MedianSilence">Of those turns, from the caller's last sound to the first audio; null without any.</param>
/// <param name="Gaps">Times that the audio ran dry in the middle of speech.</param>
/// <param name="Ending">For a person.</param>
public sealed record CallSummary(int Turns, TimeSpan? MedianSilence, TimeSpan? SlowestSilence, int Interruptions, int Gaps, string Ending)
{
    public static CallSummary Of(IReadOnlyList<CallTurn> turns, int gaps, IReadOnlyList<string> verbs, bool callerHungUp)
    {
        var asked = turns.Where(turn => turn.Said is not null).ToList();
        var silences = asked.Select(turn => turn.Silence).OfType<TimeSpan>().Order().ToList();
        return new CallSummary(
            asked.Count,
            silences.Count == 0 ? null : silences[(silences.Count - 1) / 2],
            silences.Count == 0 ? null : silences[^1],
            turns.Count(turn => turn.WasInterrupted),
            gaps,
            callerHungUp ? "the caller hung up" : EndingOf(verbs));
    }

    /// <summary>A dial is the end unless the assistant came back after it.</summary>
    private static string EndingOf(IReadOnlyList<string> verbs) =>
        verbs.SkipWhile(v => v is "Connect").LastOrDefault(v => v is "Connect" || v.StartsWith("Dial ", StringComparison.Ordinal)) is { } dial && dial is not "Connect" ? "transferred to " + dial["Dial ".Length..]
        : verbs is [.., "Hangup"] ? "the assistant hung up"
        : verbs is [.., var last] ? last : "nothing";
}
