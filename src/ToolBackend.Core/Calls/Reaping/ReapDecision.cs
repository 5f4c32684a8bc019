using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Calls.Reaping;

/// <summary>Why a call was given up, as its ended reason.</summary>
public static class ReapReason
{
    /// <summary>The platform said twice that it has no such call.</summary>
    public const string UnknownToVapi = "reaper.unknown-to-vapi";

    /// <summary>It must have ended, and nobody can say how.</summary>
    public const string NoEndKnown = EndedReasons.NoEndKnown;
}

/// <summary>What follows from an answer.</summary>
/// <param name="Reap">Why the call is given up; null when it is not.</param>
/// <param name="AskAgainIn">When it may be asked for again, if it is still silent then.</param>
public sealed record ReapVerdict(string? Reap, int Times, int UnknownTimes, TimeSpan AskAgainIn);

/// <summary>
/// What becomes of a silent call. Pure; each row is a test of <c>ReapDecisionTests</c>.
/// <code>
/// answer    the call lives, by our events                                its report is missing
/// ended     the snapshot ends it; asked again if it does not             the snapshot is its report; asked again if it is not
/// live      asked again; past its longest life, the second time: reaped  asked again
/// unknown   asked again; the second time in a row: reaped                asked again; the second time: left alone
/// none      asked again soon; past its longest life: reaped              asked again soon
/// </code>
/// Asked again: after 2 minutes, doubling, to an hour. A report is asked for eight times at most.
/// </summary>
public static class ReapDecision
{
    public const int UnknownTimesEnough = 2;
    public const int MostReportInquiries = 8;

    /// <summary>Beyond the days in which a missing report is looked for at all.</summary>
    public static readonly TimeSpan Never = TimeSpan.FromDays(30);

    /// <summary>A call can be planned for a day weeks ahead, and until then nothing is heard of it.</summary>
    private static readonly TimeSpan s_longestPlan = TimeSpan.FromDays(31);

    /// <param name="call">As it was before it was asked for.</param>
    /// <param name="answer">Of all its ids together: see <see cref="Together"/>.</param>
    public static ReapVerdict Decide(SilentCall call, PlatformAnswer answer, DateTimeOffset now, CallReaperOptions options)
    {
        var isOver = !call.IsEnded && now > LongestLife(call, options);
        var times = answer == PlatformAnswer.None ? call.Times : call.Times + 1;
        var unknownTimes = answer switch { PlatformAnswer.Unknown => call.UnknownTimes + 1, PlatformAnswer.None => call.UnknownTimes, _ => 0 };
        var given = answer switch
        {
            PlatformAnswer.Unknown when !call.IsEnded && unknownTimes >= UnknownTimesEnough => ReapReason.UnknownToVapi,
            PlatformAnswer.Live when isOver && times >= UnknownTimesEnough => ReapReason.NoEndKnown,
            PlatformAnswer.None when isOver => ReapReason.NoEndKnown,
            _ => null,
        };
        return new ReapVerdict(given, times, unknownTimes, Wait(call, answer, times, unknownTimes, options));
    }

    /// <summary>One answer out of those about several ids of a call: as long as one of them lives or cannot be asked for, the call is not over.</summary>
    public static PlatformAnswer Together(IReadOnlyCollection<PlatformAnswer> answers) =>
        answers.Count == 0 || answers.Contains(PlatformAnswer.None) ? PlatformAnswer.None
        : answers.Contains(PlatformAnswer.Live) ? PlatformAnswer.Live
        : answers.Contains(PlatformAnswer.Ended) ? PlatformAnswer.Ended
        : PlatformAnswer.Unknown;

    /// <summary>What a snapshot says of the call's life: a status that is none (not-found, deletion-failed) is of a call that the platform no longer has.</summary>
    public static PlatformAnswer AnswerOf(CallEvent? snapshot) => snapshot switch
    {
        null => PlatformAnswer.Unknown,
        _ when StatusLattice.RankOf(snapshot) == StatusLattice.Ended => PlatformAnswer.Ended,
        { Facts.Status: "not-found" or "deletion-failed" } => PlatformAnswer.Unknown,
        _ => PlatformAnswer.Live,
    };

    /// <summary>After this moment the call cannot live any more. One that nobody can be asked about ends by its own limit.</summary>
    internal static DateTimeOffset LongestLife(SilentCall call, CallReaperOptions options)
    {
        var limit = call.PlatformRefs.Count == 0 && call.MaxSeconds is > 0 and var own ? TimeSpan.FromSeconds(Math.Min(own, options.HardLimitSeconds)) : options.HardLimit;
        var plan = call.Status == "scheduled" ? s_longestPlan : TimeSpan.Zero;
        return (call.StartedAt ?? call.OpenedAt) + plan + limit + options.Margin;
    }

    private static TimeSpan Wait(SilentCall call, PlatformAnswer answer, int times, int unknownTimes, CallReaperOptions options)
    {
        if (call.IsEnded && (times >= MostReportInquiries || unknownTimes >= UnknownTimesEnough))
        {
            return Never;
        }

        var wait = answer == PlatformAnswer.None ? options.FirstWait : options.FirstWait * Math.Pow(2, Math.Clamp(times - 1, 0, 20));
        return wait < options.LongestWait ? wait : options.LongestWait;
    }
}
