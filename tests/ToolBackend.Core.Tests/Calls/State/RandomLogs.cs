using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Tests.Calls.State;

/// <summary>Logs as no sender would write them: few times, so that many events are level; few ids, so that messages meet; odd, missing and impossible members.</summary>
internal static class RandomLogs
{
    private static readonly DateTimeOffset s_start = Told.At(0);

    private static readonly Gen<string?> s_text = Gen.Elements<string?>(null, "", " ", "Hello.", "one moment", "two\0", "\ud83d", "\ud83d\ude80 caf\u00e9 <\"&>", new string('x', 400));

    private static readonly Gen<DateTimeOffset> s_moment = Gen.Frequency(
        (18, Gen.Choose(0, 40).Select(static s => s_start.AddSeconds(s * 15))),
        (6, Gen.Choose(0, 600_000).Select(static ms => s_start.AddMilliseconds(ms))),
        (1, Gen.Elements(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch, new DateTimeOffset(2026, 8, 20, 12, 1, 0, TimeSpan.FromHours(2)), new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.FromHours(-14)))));

    private static readonly Gen<DateTimeOffset?> s_maybe = Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), s_moment.Select(static m => (DateTimeOffset?)m));

    private static readonly Gen<string?> s_status = Gen.Elements<string?>("scheduled", "queued", "ringing", "in-progress", "in-progress", "forwarding", "ended", "not-found", "deletion-failed", "odd", null);

    private static readonly Gen<string?> s_reason = Gen.Elements<string?>(null, null, "customer-ended-call", "phone-call-provider-closed-websocket", "silence-timed-out", "reaper.no-end-known", "odd");

    private static readonly Gen<Utterance?> s_line =
        from role in Gen.Elements<string?>("user", "assistant", "bot", "system", "tool", null)
        from text in s_text
        from at in s_maybe
        from until in s_maybe
        from cut in Gen.Elements(true, false)
        from isNull in Gen.Choose(0, 19)
        select isNull == 0 ? null : new Utterance(role!, text!, at, until, cut);

    private static readonly Gen<ToolCallFact?> s_tool =
        from id in Gen.Elements<string?>("a", "b", "c", "", null)
        from name in s_text
        from at in s_maybe
        from result in s_text
        select name == " " ? null : new ToolCallFact(id!, name!, at, result);

    private static readonly Gen<TransferFact?> s_transfer =
        from to in Gen.Elements<string?>("+15555550142", "+15555550143", null)
        from assistant in s_text
        from at in s_maybe
        select assistant == " " ? null : new TransferFact("number", to, null, assistant, at);

    private static readonly Gen<AssistantFact?> s_assistant =
        from id in Gen.Elements<string?>("as-1", "as-2", null)
        from name in Gen.Elements<string?>("Front desk", "Billing", null)
        from max in Gen.Elements<int?>(null, 600, -5, int.MaxValue)
        select max == -5 && id is null ? null : new AssistantFact(id, name, max);

    private static readonly Gen<double?> s_ms = Gen.Elements<double?>(null, 0, 420.5, -1, double.NaN, double.PositiveInfinity, 1e300);

    private static readonly Gen<decimal?> s_cost = Gen.Elements<decimal?>(null, 0m, 0.40m, 0.1234567m, -1m, 99_999.999999m, decimal.MaxValue, decimal.MinValue);

    private static readonly Gen<JsonElement> s_output = Gen.Elements("null", "true", "\"\\ud83d\\ude80\"", "{\"b\":1.0e5,\"a\":[]}", "1234567890123456789012345").Select(static json => JsonElement.Parse(json))
        .Or(Gen.Constant(default(JsonElement)));

    private static readonly Gen<ReportFacts> s_report =
        from started in s_maybe
        from ended in s_maybe
        from cost in s_cost
        from part in s_cost
        from texts in s_text.ArrayOf(3)
        from output in s_output
        from turn in s_ms.ArrayOf(2)
        from interruptions in Gen.Elements<int?>(null, 0, 3, -1, int.MaxValue)
        from transfers in s_transfer.ListOf()
        from assistants in s_assistant.ListOf()
        select new ReportFacts
        {
            StartedAt = started,
            EndedAt = ended,
            Cost = cost,
            CostBreakdown = part is null ? null : new Dictionary<string, decimal>(StringComparer.Ordinal) { ["stt"] = part.Value, ["llm"] = 0.1m },
            Summary = texts[0],
            Success = texts[1],
            StructuredOutputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["Outcome"] = output, [texts[2] ?? "o"] = output },
            Recordings = new Dictionary<string, string>(StringComparer.Ordinal) { ["mono"] = texts[2]! },
            Turns = [new TurnLatency(turn[0], turn[1]), null!],
            AssistantInterruptions = interruptions,
            Transfers = transfers!,
            Assistants = assistants!,
        };

    private static readonly Gen<CallFacts> s_facts =
        from status in s_status
        from reason in s_reason
        from line in s_line
        from lines in Sometimes(s_line.ListOf(), 3)
        from tools in Sometimes(s_tool.ListOf(), 4)
        from transfer in Sometimes(s_transfer, 6)
        from assistant in Sometimes(s_assistant, 4)
        from report in Sometimes(s_report, 3)
        from customer in Gen.Elements<string?>(null, "+15555550123", "sip:caller@example.org", "\0")
        from createdAt in s_maybe
        select new CallFacts
        {
            Status = status,
            EndedReason = reason,
            Utterance = line,
            Conversation = lines!,
            Tools = tools!,
            Transfer = transfer,
            Assistant = assistant,
            Report = report,
            Call = customer is null ? null : new CallIdentity("inboundPhoneCall", Customer: customer, CreatedAt: createdAt),
        };

    /// <summary>Of both sides, under several names.</summary>
    public static Gen<IReadOnlyList<CallEvent>> Any { get; } = Logs(
        Gen.Elements(Enum.GetValues<CallEventSource>()), Gen.Elements(Told.VapiId, Told.OwnId, "0a", "own-2"));

    /// <summary>Of one side, under one name.</summary>
    public static Gen<IReadOnlyList<CallEvent>> OneSided { get; } = Gen.OneOf(
        Logs(Gen.Elements(CallEventSource.Vapi, CallEventSource.Vapi, CallEventSource.Api, CallEventSource.Reaper), Gen.Constant(Told.VapiId)),
        Logs(Gen.Elements(CallEventSource.Pipeline, CallEventSource.Pipeline, CallEventSource.Reaper), Gen.Constant(Told.OwnId)));

    /// <summary>The same set: another order, messages twice and thrice, some of them received again later.</summary>
    public static IReadOnlyList<CallEvent> Redelivered(IReadOnlyList<CallEvent> log, Random random)
    {
        var again = log.Where(_ => random.Next(2) == 0).Select(e => random.Next(2) == 0 ? e : e with { ReceivedAt = Later(e.ReceivedAt) });
        var all = log.Concat(again).ToArray();
        random.Shuffle(all);
        return all;
    }

    private static DateTimeOffset Later(DateTimeOffset received) => received < s_start.AddYears(1) ? received.AddSeconds(40) : received;

    private static Gen<T?> Sometimes<T>(Gen<T> gen, int oneIn) => Gen.Frequency((1, gen.Select(static value => (T?)value)), (oneIn - 1, Gen.Constant<T?>(default)));

    private static Gen<IReadOnlyList<CallEvent>> Logs(Gen<CallEventSource> sources, Gen<string> refs)
    {
        var events =
            from callRef in refs
            from source in sources
            from kind in Gen.Elements(Enum.GetValues<CallEventKind>()).Or(Gen.Elements(CallEventKind.Status, CallEventKind.Status, CallEventKind.Report, CallEventKind.Transcript))
            from id in Gen.Choose(0, 60)
            from sentAt in s_moment
            from receivedAt in Gen.Frequency((8, Gen.Constant(s_start.AddMinutes(11))), (1, s_moment), (1, Gen.Constant(default(DateTimeOffset))))
            from sid in Gen.Elements<string?>(Told.Sid, Told.Sid, null, "CA01")
            from facts in s_facts
            from bare in Gen.Choose(0, 9)
            select new CallEvent(callRef, new Guid(id, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), source, bare == 1 ? null! : kind.ToString(), kind, sentAt, receivedAt, sid, bare == 0 ? null! : facts);
        return from size in Gen.Choose(1, 24) from log in events.ListOf(size) select (IReadOnlyList<CallEvent>)[.. log];
    }
}
