using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// Who said what, from the best source that each leg has: the conversation of its report (or of a snapshot of the ended call), else the last conversation that was told and the
/// utterances after it, else the utterances alone. Prompts are no speech. Legs are joined by time.
/// </summary>
internal static class TranscriptFold
{
    /// <summary>An utterance that is also told by itself is looked for among so many last lines of the conversation that holds it.</summary>
    private const int Overlap = 4;

    public static IReadOnlyList<Utterance> Of(IReadOnlyList<Leg> legs)
    {
        if (legs is [var only])
        {
            return LinesOf(only);
        }

        var lines = new List<(DateTimeOffset At, Utterance Line)>();
        var said = new HashSet<Utterance>();
        foreach (var leg in legs)
        {
            // Lines without a time stay behind the one before them.
            var at = leg.OpenedAt;
            var own = LinesOf(leg);
            foreach (var line in own)
            {
                at = line.At > at ? line.At.Value : at;

                // A side that takes over is handed what was said so far, and may tell it again.
                if (line.At is null || !said.Contains(Spoken(line)))
                {
                    lines.Add((at, line));
                }
            }

            said.UnionWith(own.Select(Spoken));
        }

        return [.. lines.OrderBy(static l => l.At).Select(static l => l.Line)];
    }

    public static bool IsSpoken(Utterance? line) => line is { Role: not null and not "system" } && Texts.Long(line.Text) is not null;

    private static Utterance Spoken(Utterance line) => line with { Until = null, Interrupted = false };

    private static IReadOnlyList<Utterance> LinesOf(Leg leg)
    {
        var whole = leg.Events.LastOrDefault(static e => StatusLattice.IsFinal(e) && HasConversation(e)) ?? leg.Events.LastOrDefault(HasConversation);
        if (whole is null)
        {
            return [.. UtterancesOf(leg.Events)];
        }

        IReadOnlyList<Utterance> lines = [.. whole.Facts.Conversation!.Where(IsSpoken).Select(Clean)];
        if (StatusLattice.IsFinal(whole))
        {
            return lines;
        }

        var ending = lines.TakeLast(Overlap).Select(static l => (l.Role, l.Text)).ToHashSet();
        return [.. lines, .. UtterancesOf(leg.Events.Where(e => e.SentAt > whole.SentAt)).Where(u => !ending.Contains((u.Role, u.Text)))];
    }

    /// <summary>In the order in which they began; where that is not known, in which they were told.</summary>
    private static IEnumerable<Utterance> UtterancesOf(IEnumerable<CallEvent> events) => events.Where(static e => IsSpoken(e.Facts?.Utterance))
        .Select(static e => Clean(e.Facts.Utterance!) is { At: null } untimed ? untimed with { At = e.SentAt.ToUniversalTime() } : Clean(e.Facts.Utterance!))
        .OrderBy(static u => u.At);

    private static bool HasConversation(CallEvent e) => e.Facts?.Conversation is { Count: > 0 } lines && lines.Any(IsSpoken);

    private static Utterance Clean(Utterance line) => line with
    {
        Role = line.Role == "bot" ? "assistant" : Texts.Short(line.Role) ?? "",
        Text = Texts.Long(line.Text) ?? "",
        At = line.At?.ToUniversalTime(),
        Until = line.Until?.ToUniversalTime(),
    };
}
