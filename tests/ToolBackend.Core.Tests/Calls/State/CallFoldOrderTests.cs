using FsCheck;
using FsCheck.Fluent;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.State;

/// <summary>reliability row C6: one state per set of events.</summary>
public sealed class CallFoldOrderTests
{
    private static readonly string[] s_statuses = ["scheduled", "queued", "ringing", "in-progress", "forwarding", "ended"];
    private static readonly string[] s_classes = ["normal", "customer", "ours", "capacity", "platform", "provider", "other"];

    [Fact]
    public void C6_all_5040_orders_of_a_call_give_one_state()
    {
        var expected = CallFold.Fold(SevenEvents.Call).ToJson();
        var orders = 0;
        foreach (var order in Orders([.. SevenEvents.Call], 0))
        {
            CallFold.Fold(order).ToJson().ShouldBe(expected);
            orders++;
        }

        orders.ShouldBe(5_040);
    }

    [Fact]
    public void C6_every_part_of_a_call_in_every_order_gives_one_state_and_ended_stays()
    {
        for (var set = 1; set < 1 << 7; set++)
        {
            CallEvent[] part = [.. SevenEvents.Call.Where((_, i) => (set & (1 << i)) != 0)];
            var call = CallFold.Fold(part);
            CallFold.Fold(part.Reverse().Concat(part)).ToJson().ShouldBe(call.ToJson());
            call.IsEnded.ShouldBe(part.Any(static e => e.Kind == CallEventKind.Report || e.Facts.Status == "ended"));
        }
    }

    [Fact]
    public void C6_random_logs_give_one_state_whatever_their_order_and_repetitions() => Holds(RandomLogs.Any, 5_000, 100_000, static (log, random) =>
    {
        var call = CallFold.Fold(log);
        var json = call.ToJson();
        return CallFold.Fold(RandomLogs.Redelivered(log, random)).ToJson() == json
            && CallFold.Fold(Enumerable.Reverse(log)).ToJson() == json
            && CallState.Parse(json).ToJson() == json
            && IsStorable(call, log);
    });

    [Fact]
    public void C6_what_is_lost_on_the_way_is_folded_all_the_same() => Holds(RandomLogs.Any, 1_000, 20_000, static (log, random) =>
    {
        var rest = log.Where(_ => random.Next(3) > 0).ToList();
        return rest.Count == 0 || CallFold.Fold(RandomLogs.Redelivered(rest, random)).ToJson() == CallFold.Fold(rest).ToJson();
    });

    [Fact]
    public void C6_no_event_takes_a_call_of_one_side_out_of_ended_or_down() => Holds(RandomLogs.OneSided, 1_000, 20_000, static (log, _) =>
    {
        var known = new List<CallEvent>();
        var (rank, version) = (0, 0L);
        foreach (var e in log)
        {
            known.Add(e);
            var call = CallFold.Fold(known);
            var now = Array.IndexOf(s_statuses, call.Status);
            if (now < rank || call.Version < version)
            {
                return false;
            }

            (rank, version) = (now, call.Version);
        }

        return true;
    });

    [Fact]
    public void C6_a_call_is_ended_as_soon_as_all_sides_have_said_so() => Holds(RandomLogs.Any, 1_000, 20_000, static (log, _) =>
    {
        var sides = log.Select(static e => (e.CallRef, e.Source)).Distinct();
        var ends = sides.Select(static side => new CallEvent(side.CallRef, new Guid(1000 + (int)side.Source, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), side.Source, "status-update", CallEventKind.Status, Told.At(700), Told.At(700), null, new CallFacts { Status = "ended" }));
        var call = CallFold.Fold(log.Concat(ends));
        return call.IsEnded && call.Legs.All(static l => l.Status == "ended") && call.EndedAt is not null;
    });

    /// <summary>What the columns of the table "call" and its indexes take.</summary>
    private static bool IsStorable(CallState call, IReadOnlyList<CallEvent> log) =>
        s_statuses.Contains(call.Status)
        && (call.EndedClass is null ? !call.IsEnded : call.IsEnded && s_classes.Contains(call.EndedClass))
        && call.Side is "vapi" or "own" or "both"
        && call.Version == log.Select(static e => (e.CallRef, e.MessageId)).Distinct().Count()
        && call.Cost is null or (>= 0 and < 1_000_000)
        && call.DurationMs is null or >= 0
        && new[] { call.Caller, call.Line, call.Type, call.EndedReason, call.Success }.Concat(call.Assistants.SelectMany(static a => new[] { a.Id, a.Name }))
            .All(static text => text is null || (text.Length is > 0 and <= 256 && !text.Any(char.IsControl)))
        && call.Transcript.All(static l => l.Role is not ("system" or "bot") && l.Text.Length > 0 && !l.Text.Contains('\0'))
        && call.Aliases.SequenceEqual(call.Aliases.Order(StringComparer.Ordinal)) && call.Aliases.Contains(call.CallId)
        && call.Anomalies.SequenceEqual(call.Anomalies.Distinct().Order(StringComparer.Ordinal));

    private static void Holds(Gen<IReadOnlyList<CallEvent>> logs, int everyRun, int longForm, Func<IReadOnlyList<CallEvent>, Random, bool> property)
    {
        var cases = from log in logs from seed in Gen.Choose(0, int.MaxValue) select (log, seed);
        Prop.ForAll(cases.ToArbitrary(), c => property(c.log, new Random(c.seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(LongForm.Count(everyRun, longForm)).WithReplay(20261122, 41));
    }

    private static IEnumerable<CallEvent[]> Orders(CallEvent[] events, int from)
    {
        if (from == events.Length)
        {
            yield return events;
            yield break;
        }

        for (var i = from; i < events.Length; i++)
        {
            (events[from], events[i]) = (events[i], events[from]);
            foreach (var order in Orders(events, from + 1))
            {
                yield return order;
            }

            (events[from], events[i]) = (events[i], events[from]);
        }
    }
}
