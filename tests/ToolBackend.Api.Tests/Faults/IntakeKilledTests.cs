using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Testing;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Row C7: the process is killed again and again while events come in.</summary>
[Collection(FaultsCollection.Name)]
public sealed class IntakeKilledTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Senders = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task C7_no_acknowledged_event_is_lost_when_the_process_is_killed_during_intake()
    {
        var acknowledged = new ConcurrentDictionary<(string Call, int Step), byte>();
        var next = 0;
        var kills = LongForm.Count(4, 20);
        for (var kill = 0; kill < kills; kill++)
        {
            await using var child = await ApiChild.StartAsync(api.AllSettings());
            var (goal, struck) = (acknowledged.Count + 40 + (kill * 7), 0);
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendUntilDeadAsync(child, () => Interlocked.Increment(ref next), acknowledged, () =>
            {
                if (acknowledged.Count >= goal && Interlocked.Exchange(ref struck, 1) == 0)
                {
                    child.Kill();
                }
            })));
            await child.Exit.WaitAsync(s_patience);
        }

        acknowledged.Count.ShouldBeGreaterThan(40 * kills);
        var stored = (string)(await api.QueryAsync("select string_agg(call_ref || ' ' || (facts::json -> 'utterance' ->> 'text'), ';') from call_event where call_ref like 'c7-%'"))!;
        acknowledged.Keys.Select(e => $"{e.Call} Sentence {e.Step}.").Except(stored.Split(';'), StringComparer.Ordinal).ShouldBeEmpty("these were acknowledged and are not there");

        // What a dead process left is folded by the next, and is what the events say. Unacknowledged ones may be there: they were to be sent again.
        await Eventually.IsTrueAsync(async () => await api.QueryAsync("select count(*) from call_fold_queue") is 0L, s_patience, "the queue was not emptied");
        (await new CallRebuild(api.Database, TimeProvider.System).RunAsync(null, CancellationToken.None)).Changed.ShouldBe(0);
        (await api.QueryAsync("select count(*) from (select distinct call_ref from call_event where call_ref like 'c7-%' except select call_id from call) lost")).ShouldBe(0L);
    }

    private static async Task SendUntilDeadAsync(ApiChild child, Func<int> next, ConcurrentDictionary<(string, int), byte> acknowledged, Action stored)
    {
        while (true)
        {
            var step = next();
            var call = string.Create(CultureInfo.InvariantCulture, $"c7-{step % 25}");
            var body = SampleMessages.Event(
                "transcript", [("role", "\"user\""), ("transcriptType", "\"final\""), ("transcript", $"\"Sentence {step}.\"")], call, "+12065550142", s_start.AddSeconds(step), 4000);
            try
            {
                // The same event until it is acknowledged, as a sender with a backoff plan does. 503: the process is there, its link to Postgres not yet.
                while (await child.PostAsync(body) is not HttpStatusCode.OK)
                {
                    await Task.Delay(20);
                }
            }
            catch (HttpRequestException)
            {
                return;
            }

            acknowledged.TryAdd((call, step), 0);
            stored();
        }
    }
}
