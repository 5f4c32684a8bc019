namespace ToolBackend.Core.Calls.State;

/// <summary>
/// Sorts ended reasons into seven classes. Vapi's list grows monthly, so a reason is an open string and classes go by its form.
/// </summary>
/// <remarks>
/// The first rule that matches decides; <c>*</c> stands for any text. The order is the precedence, each step for a reason:
/// <code>
/// normal, customer   whole words of their own; nothing below is meant by them
/// platform           Vapi's workers, its transport, its own tables; only the families named, not all of error-vapifault-*
/// capacity           before ours and provider: ...-429-exceeded-quota is a limit, whoever set it
/// provider (1)       error-providerfault-*: Vapi itself names the provider, so outbound-sip-403-forbidden is not ours
/// ours               before provider: ...-401-... and *-voice-not-found are keys and definitions of ours, whatever vendor they are about
/// provider (2)       by what failed
/// other              all the rest: logged, counted nowhere
/// </code>
/// Our own pipeline writes <c>pipeline.WORD</c>: WORD goes by the same rules, and by three prefixes of its own (<c>provider-</c>, <c>capacity-</c>, and <c>error-</c> or
/// <c>drain</c> for ours); it never counts as Vapi's platform. The reaper writes <c>reaper.*</c>, which says that nobody knows: other.
/// All 595 values of August 2026 are in the tests' Samples/ended-reasons.tsv (<c>EndedReasonsTests</c>).
/// </remarks>
public static class EndedReasons
{
    public const string Normal = "normal";
    public const string Customer = "customer";
    public const string Ours = "ours";
    public const string Capacity = "capacity";
    public const string Platform = "platform";
    public const string Provider = "provider";
    public const string Other = "other";

    /// <summary>What the reaper says of a call that must have ended, nobody knows how.</summary>
    public const string NoEndKnown = ReaperPrefix + "no-end-known";

    private const string ReaperPrefix = "reaper.";
    private const string PipelinePrefix = "pipeline.";

    private static readonly (string Class, string[][] Forms)[] s_rules =
    [
        (Normal, Forms(
            "customer-ended-call", "assistant-ended-call*", "assistant-said-end-call-phrase", "assistant-forwarded-call", "call.in-progress.twilio-completed-call",
            "call.in-progress.sip-completed-call", "vonage-completed", "voicemail", "exceeded-max-duration", "silence-timed-out", "manually-canceled", "scheduled-call-deleted", "call-deleted")),
        (Customer, Forms(
            "customer-busy", "customer-did-not-answer", "customer-did-not-give-microphone-permission", "twilio-reported-customer-misdialed", "call.forwarding.*", "customer-ended-call-*transfer*")),
        (Platform, Forms(
            "call.in-progress.error-vapifault-worker-*", "call.in-progress.error-vapifault-transport-*", "call.in-progress.error-vapifault-call-started-but-connection-to-transport-missing",
            "call.start.error-vapifault-*", "worker-shutdown", "assistant-join-timed-out", "phone-call-provider-closed-websocket", "call.in-progress.error-assistant-did-not-receive-customer-audio")),
        (Capacity, Forms("call.start.error-subscription-*", "*-429-*", "*-quota-exceeded", "*concurrent-requests*")),
        (Provider, Forms("call.in-progress.error-providerfault-*")),
        (Ours, Forms(
            "assistant-request-*", "assistant-not-found", "assistant-not-valid", "call-start-error-neither-assistant-nor-server-set", "call.start.error-get-*",
            "*-400-bad-request-validation-failed", "*-401-*", "*-403-*", "*-voice-not-found")),
        (Provider, Forms(
            "*-500-*", "*-502-*", "*-503-*", "*-504-*", "*-llm-failed", "*-voice-failed", "*-transcriber-failed", "call.in-progress.error-pipeline-no-available-llm-model")),
    ];

    /// <summary>One of the seven classes; <see cref="Other"/> for null and for whatever no rule knows.</summary>
    public static string Classify(string? reason) => reason switch
    {
        null => Other,
        _ when reason.StartsWith(ReaperPrefix, StringComparison.Ordinal) => Other,
        _ when reason.StartsWith(PipelinePrefix, StringComparison.Ordinal) => OfPipeline(reason[PipelinePrefix.Length..]),
        _ => ByRule(reason),
    };

    /// <summary>
    /// Whether ends of this class speak against Vapi as a whole. Capacity is watched apart (an account's limit is no outage), providers each for themselves.
    /// </summary>
    public static bool CountsAgainstVapi(string? endedClass) => endedClass == Platform;

    /// <summary>Whether the reason only says that we gave the call up.</summary>
    public static bool IsReapers(string? reason) => reason is not null && reason.StartsWith(ReaperPrefix, StringComparison.Ordinal);

    private static string OfPipeline(string word) => ByRule(word) switch
    {
        Platform => Ours,
        Other when word.StartsWith("provider-", StringComparison.Ordinal) => Provider,
        Other when word.StartsWith("capacity-", StringComparison.Ordinal) => Capacity,
        Other when word.StartsWith("error-", StringComparison.Ordinal) || word.StartsWith("drain", StringComparison.Ordinal) => Ours,
        var known => known,
    };

    private static string ByRule(string reason)
    {
        foreach (var (name, forms) in s_rules)
        {
            if (Array.Exists(forms, form => Matches(form, reason)))
            {
                return name;
            }
        }

        return Other;
    }

    private static string[][] Forms(params string[] forms) => Array.ConvertAll(forms, static form => form.Split('*'));

    /// <summary>The pieces between the stars, in order; the first at the start, the last at the end.</summary>
    private static bool Matches(string[] pieces, string reason)
    {
        if (pieces.Length == 1)
        {
            return reason == pieces[0];
        }

        if (!reason.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        var from = pieces[0].Length;
        foreach (var piece in pieces.AsSpan(1, pieces.Length - 2))
        {
            var at = reason.IndexOf(piece, from, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            from = at + piece.Length;
        }

        return reason.Length - from >= pieces[^1].Length && reason.EndsWith(pieces[^1], StringComparison.Ordinal);
    }
}
