using System.Globalization;
using System.Net;
using ToolBackend.Testing;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Rows L3 and L4: what is acknowledged under load is stored. Latencies and memory are figures of <c>./dev load</c>, on a machine that does nothing else.</summary>
[Collection(FaultsCollection.Name)]
public sealed class EventLoadTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int PerSecond = 500;
    private static readonly TimeSpan s_batch = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow(); // calls of long ago would be closed by the reaper, with events of its own

    [Fact]
    public async Task L3_every_event_of_a_steady_stream_is_acknowledged_and_stored()
    {
        var events = PerSecond * LongForm.Count(4, 300);
        (await SendAsync("l3", events, PerSecond)).ShouldBe(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.OK] = events });
        (await StoredAsync("l3")).ShouldBe(events);
    }

    [Fact]
    public async Task L4_a_burst_is_acknowledged_or_refused_and_the_next_event_is_taken()
    {
        const int Burst = 2_000;
        var answers = await SendAsync("l4", Burst, perSecond: Burst);
        answers.Keys.ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        answers.Values.Sum().ShouldBe(Burst);
        var taken = answers.GetValueOrDefault(HttpStatusCode.OK);
        taken.ShouldBeGreaterThan(0);
        (await StoredAsync("l4")).ShouldBe(taken);

        (await SendAsync("l4-after", 1, PerSecond)).ShouldBe(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.OK] = 1 });
        await Eventually.IsTrueAsync(async () => await api.QueryAsync("select count(*) from call_fold_queue") is 0L, s_patience, "the queue was not emptied");
        (await api.QueryAsync("select sum(version) from call where call_id like 'l4-%'")).ShouldBe((decimal)(taken + 1), "an event is stored and not folded");
    }

    /// <summary>Sends so many at that rate, whatever the answers do, and counts those.</summary>
    private async Task<Dictionary<HttpStatusCode, int>> SendAsync(string prefix, int events, int perSecond)
    {
        var under = new List<Task<HttpStatusCode>>(events);
        using var tick = new PeriodicTimer(s_batch);
        while (under.Count < events)
        {
            for (var left = Math.Min(events - under.Count, Math.Max(1, (int)(perSecond * s_batch.TotalSeconds))); left > 0; left--)
            {
                under.Add(PostAsync(prefix, under.Count));
            }

            await tick.WaitForNextTickAsync();
        }

        return (await Task.WhenAll(under)).CountBy(status => status).ToDictionary();
    }

    private async Task<HttpStatusCode> PostAsync(string prefix, int number)
    {
        var call = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number % 50}");
        var body = SampleMessages.Event(
            "transcript", [("role", "\"user\""), ("transcriptType", "\"final\""), ("transcript", $"\"Sentence {number}.\"")], call, "+12065550142", _start.AddMilliseconds(number), 4000);
        using var answer = await api.Node.PostWebhookAsync(body);
        return answer.StatusCode;
    }

    private async Task<int> StoredAsync(string prefix) => (int)(long)(await api.QueryAsync($"select count(*) from call_event where call_ref like '{prefix}-%'"))!;
}
