using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// scheduled &lt; queued &lt; ringing &lt; in-progress &lt; forwarding &lt; ended: a call's status is the highest that any event speaks for, so it never depends on their order.
/// </summary>
/// <remarks>
/// <code>
/// event                                                        speaks for
/// status, with one of the six words                            that word
/// status, with any other word (not-found, deletion-failed)     nothing
/// snapshot                                                     its word; ended when it has an end or a reason for one
/// report, reaped                                               ended, whatever status they carry
/// assistant request                                            ringing
/// all that needs two parties on the line                       in-progress
/// other, deleted, artifact                                     nothing
/// </code>
/// Where nothing speaks for anything, a call is scheduled: known, no more.
/// </remarks>
internal static class StatusLattice
{
    public const int None = -1;
    public const int InProgress = 3;
    public const int Forwarding = 4;
    public const int Ended = 5;

    private const int Ringing = 2;

    private static readonly string[] s_words = ["scheduled", "queued", "ringing", "in-progress", "forwarding", "ended"];

    public static string WordOf(int rank) => s_words[Math.Clamp(rank, 0, Ended)];

    public static int RankOf(string? word) => Array.IndexOf(s_words, word);

    /// <summary>The rank that the event speaks for, or <see cref="None"/>.</summary>
    public static int RankOf(CallEvent e) => e.Kind switch
    {
        CallEventKind.Status => RankOf(e.Facts?.Status),
        CallEventKind.Snapshot => e.Facts is { EndedReason: not null } or { Report.EndedAt: not null } ? Ended : RankOf(e.Facts?.Status),
        CallEventKind.Report or CallEventKind.Reaped => Ended,
        CallEventKind.AssistantRequest => Ringing,
        _ => NeedsTwo(e.Kind) ? InProgress : None,
    };

    /// <summary>Whether such a thing happens only while two parties are on the line.</summary>
    public static bool NeedsTwo(CallEventKind kind) => kind is CallEventKind.AssistantStarted or CallEventKind.Transcript or CallEventKind.Conversation or CallEventKind.ToolCalls
        or CallEventKind.Transfer or CallEventKind.Interruption or CallEventKind.Hang or CallEventKind.DestinationRequest or CallEventKind.Control or CallEventKind.Language;

    /// <summary>Whether the event says in full how the call was: a report, or a snapshot of an ended call.</summary>
    public static bool IsFinal(CallEvent e) => e.Kind == CallEventKind.Report || (e.Kind == CallEventKind.Snapshot && RankOf(e) == Ended);

    /// <summary>Where an event stands among others that were sent at the same moment: causes before their consequences.</summary>
    public static int OrderOf(CallEvent e) => e.Kind switch
    {
        CallEventKind.Status when RankOf(e) is var rank and not None => rank * 10,
        CallEventKind.AssistantRequest => (Ringing * 10) + 1,
        CallEventKind.AssistantStarted => (InProgress * 10) + 1,
        CallEventKind.Report => (Ended * 10) + 1,
        CallEventKind.Snapshot => (Ended * 10) + 2,
        CallEventKind.Artifact => (Ended * 10) + 3,
        CallEventKind.Deleted => (Ended * 10) + 4,
        CallEventKind.Reaped => (Ended * 10) + 5,
        _ => (InProgress * 10) + 2,
    };
}
