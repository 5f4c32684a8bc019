using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Calls;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Conversations;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>What is known of a call whose stream has ended.</summary>
/// <param name="Leg">Of the side that ran it; null when nothing was heard of it.</param>
internal sealed record KnownCall(CallLeg? Leg, IReadOnlyList<HistoryEntry> Said)
{
    /// <summary>Its end was meant: somebody said goodbye, or a limit was reached.</summary>
    public bool EndedOnPurpose => Leg is { Status: "ended", EndedClass: EndedReasons.Normal or EndedReasons.Customer };

    public bool IsEnded => Leg is { Status: "ended" };

    /// <summary>The assistant that talked last, by its name at Vapi; null when nothing says so. Of a squad it need not be the first.</summary>
    public string? Assistant { get; init; }

    /// <summary>Somebody was asked and answered, if only that there is nothing.</summary>
    public bool WasRead { get; init; } = true;
}

/// <summary>
/// Reads the part of a call that another side has run, as fresh as can be had: events of the call log, what the ledger says of its writes, and Vapi's API when the log is silent.
/// </summary>
internal sealed class CallBefore(CallEventReads events, LedgerReads ledger, VapiBypass vapi, IOptions<ContentPolicy> policy, IOptions<FrontDoorOptions> options, TimeProvider time)
{
    /// <summary>For one look at everything, while a caller hears nothing.</summary>
    private static readonly TimeSpan s_readLimit = TimeSpan.FromSeconds(1.5);

    /// <summary>Silence that nobody minds.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(150);

    /// <summary>For Vapi's API, when the caller has heard a sound and waits again.</summary>
    private static readonly TimeSpan s_asking = TimeSpan.FromMilliseconds(250);

    private static readonly KnownCall s_nothing = new(null, []);
    private static readonly KnownCall s_unread = new(null, []) { WasRead = false };
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the news of an end is waited for in silence.</summary>
    public TimeSpan Moment => Patience < s_moment ? Patience : s_moment;

    /// <summary>How long the news of an end is waited for in all.</summary>
    public TimeSpan Patience => TimeSpan.FromMilliseconds(options.Value.EndPatienceMilliseconds);

    /// <summary>The call, if its end is known within a moment: the caller hears nothing meanwhile.</summary>
    /// <param name="callRef">Vapi's id, or the pipeline's own.</param>
    /// <returns>Null: it is not, and the caller should hear something before more is waited for.</returns>
    public async Task<KnownCall?> EndedAsync(string callRef, bool isVapi, CancellationToken cancellation)
    {
        using var moment = new Deadline(Moment, time, cancellation);
        var known = await WhenEndedAsync(callRef, isVapi, Moment, moment.Token).ConfigureAwait(false);
        return known.IsEnded ? known : null;
    }

    /// <summary>The call as it is known now. Vapi's API has a short while to answer as well.</summary>
    public Task<KnownCall> KnownNowAsync(string callRef, bool isVapi, CancellationToken cancellation) => WhenEndedAsync(callRef, isVapi, s_asking, cancellation, whenAllHaveAnswered: true);

    /// <summary>Waits for a call's end, if it has none.</summary>
    /// <param name="callRef">Vapi's id, or the pipeline's own.</param>
    /// <param name="whenAllHaveAnswered">Or until the log and Vapi's API have answered.</param>
    public async Task<KnownCall> WhenEndedAsync(string callRef, bool isVapi, TimeSpan longest, CancellationToken cancellation, bool whenAllHaveAnswered = false)
    {
        using var patience = new Deadline(longest, time, cancellation);
        using var limit = new Deadline(s_readLimit, time, cancellation);
        var asked = isVapi ? vapi.FindAsync(callRef, limit.Token) : Task.FromResult<JsonObject?>(null);
        var known = s_unread;
        while (true)
        {
            // A read that has begun is waited for: what it knows of the conversation counts, also when the patience for an end is over.
            var hasAnswered = asked.IsCompleted;
            known = await ReadAsync(callRef, asked, limit.Token).ConfigureAwait(false) ?? known;
            if (known.IsEnded || patience.Token.IsCancellationRequested || (whenAllHaveAnswered && hasAnswered && known.WasRead))
            {
                return known;
            }

            await Task.Delay(s_look, time, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What was said in a call's earlier part.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> SaidAsync(string callRef, CancellationToken cancellation)
    {
        using var limit = new Deadline(s_readLimit, time, cancellation);
        return (await ReadAsync(callRef, Task.FromResult<JsonObject?>(null), limit.Token).ConfigureAwait(false))?.Said ?? [];
    }

    /// <summary>Our own tools run under the carrier's id of the call.</summary>
    private static string LedgerIdOf(string callRef) => callRef.StartsWith(PipelineEvents.RefPrefix, StringComparison.Ordinal) ? callRef[PipelineEvents.RefPrefix.Length..].Split('-')[0] : callRef;

    /// <summary>Null when nobody answered.</summary>
    private async Task<KnownCall?> ReadAsync(string callRef, Task<JsonObject?> asked, CancellationToken cancellation)
    {
        var isRead = false;
        IReadOnlyList<CallEvent> stored = [];
        IReadOnlyList<WrittenCall> writes = [];
        try
        {
            (stored, writes) = (await events.OfAsync(callRef, cancellation).ConfigureAwait(false), await ledger.OfAsync(LedgerIdOf(callRef), cancellation).ConfigureAwait(false));
            isRead = true;
        }
        catch (Exception e) when (e is UpstreamException or OperationCanceledException)
        {
            // Vapi's own word is all there is.
        }

        var snapshot = asked.IsCompletedSuccessfully && await asked.ConfigureAwait(false) is { } call ? VapiSnapshotReader.Read(call, time.GetUtcNow(), policy.Value)?.Event : null;
        List<CallEvent> all = snapshot is null ? [.. stored] : [.. stored, snapshot];
        if (all.Count == 0)
        {
            return isRead ? s_nothing : null;
        }

        var state = CallFold.Fold(all);
        return new KnownCall(state.Legs.FirstOrDefault(l => string.Equals(l.CallRef, callRef, StringComparison.Ordinal)), ConversationSoFar.Of(state, writes))
        {
            Assistant = state.Assistants is [.., var last] ? last.Name : null,
        };
    }
}
