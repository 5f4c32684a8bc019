using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Live;
using ToolBackend.LocalStack;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Operator.Calls;

public sealed class StreamCallsTests(PostgresCluster cluster, RedisServer redis) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Sequence numbers are the database's, so each test has its own.
    private readonly ApiFixture _api = new(cluster, redis);

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("running")]
    [InlineData("stopped halfway")]
    [InlineData("none")]
    public async Task Clients_of_two_replicas_see_every_change_once_and_in_order(string state)
    {
        await using var own = await LocalRedis.StartNewAsync();
        var settings = Settings(("ConnectionStrings:Redis", state == "none" ? null : own.Endpoint), ("Calls:Live:PollMilliseconds", "200"));
        await using var a = await _api.StartNodeAsync(settings);
        await using var b = await _api.StartNodeAsync(settings);
        await using var onA = await CallStreamClient.OpenAsync(a);
        await using var onB = await CallStreamClient.OpenAsync(b);
        await onA.SnapshotAsync();
        await onB.SnapshotAsync();
        var changes = new CallChanges(_api, a);
        var seenOnA = Task.Run(() => onA.ChangesAsync(200));
        var seenOnB = Task.Run(() => onB.ChangesAsync(200));

        await changes.MakeAsync(100);
        if (state == "stopped halfway")
        {
            await own.StopAsync();
        }

        await changes.MakeAsync(100);

        (await seenOnA).Select(c => (c.Seq, c.CallId, c.Version)).ShouldBe(changes.Made);
        (await seenOnB).Select(c => (c.Seq, c.CallId, c.Version)).ShouldBe(changes.Made);
    }

    [Fact]
    public async Task A_client_that_is_cut_off_again_and_again_and_goes_on_at_the_other_replica_misses_and_doubles_nothing()
    {
        await using var b = await _api.StartNodeAsync();
        var changes = new CallChanges(_api, _api.Node);
        var making = Task.Run(() => changes.MakeAsync(300));
        var seen = new List<StreamEvent>();
        var nodes = (ApiNode[])[_api.Node, b];
        var last = "0";
        for (var cut = 0; seen.Count < 300; cut++)
        {
            await using var client = await CallStreamClient.OpenAsync(nodes[cut % 2], last);
            seen.AddRange(await client.ChangesAsync(Math.Min(300 - seen.Count, 7 + (cut % 5))));
            last = seen[^1].Id!;
        }

        await making;
        seen.Select(c => (c.Seq, c.CallId, c.Version)).ShouldBe(changes.Made);
    }

    [Fact]
    public async Task A_client_without_an_id_gets_the_open_calls_and_exactly_the_changes_after_them()
    {
        var changes = new CallChanges(_api, _api.Node);
        await changes.MakeAsync(20);
        using var enough = new CancellationTokenSource();
        var making = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await changes.MakeAsync(5);
            }
        });
        for (var i = 0; i < 10; i++)
        {
            await using var client = await CallStreamClient.OpenAsync(_api.Node);
            var (calls, synced) = await client.SnapshotAsync();
            synced.Data.GetProperty("calls").GetInt32().ShouldBe(calls.Count);
            var last = (await client.ChangesAsync(1))[0];
            last.Seq.ShouldBe(synced.Seq + 1, "nothing between the snapshot and the first change");
            var then = (await changes.MadeUpToAsync(synced.Seq)).GroupBy(c => c.CallId).Select(g => (g.Key, g.Max(c => c.Version)));
            calls.Select(c => (c.CallId, c.Version)).ShouldBe(then, ignoreOrder: true);
        }

        await enough.CancelAsync();
        await making;
    }

    [Fact]
    public async Task An_id_that_is_older_than_what_is_kept_resets_the_client()
    {
        var changes = new CallChanges(_api, _api.Node);
        await changes.MakeAsync(20);
        await _api.QueryAsync("delete from call_change where seq <= 10");
        foreach (var id in (string[])["9", "0", "21", "4711"])
        {
            await using var client = await CallStreamClient.OpenAsync(_api.Node, id);
            (await client.NextAsync()).Type.ShouldBe("reset");
            var (calls, synced) = await client.SnapshotAsync();
            calls.Count.ShouldBe(7);
            synced.Seq.ShouldBe(20);
        }

        await using var kept = await CallStreamClient.OpenAsync(_api.Node, query: "?after=10");
        (await kept.ChangesAsync(10)).Select(c => c.Seq).ShouldBe(changes.Made.Skip(10).Select(c => c.Seq));
        await using var both = await CallStreamClient.OpenAsync(_api.Node, "15", "?after=10");
        (await both.ChangesAsync(1))[0].Seq.ShouldBe(16, "the header is newer than the address");
    }

    [Fact]
    public async Task A_client_that_does_not_read_keeps_nobody_waiting_and_gets_everything_later()
    {
        var changes = new CallChanges(_api, _api.Node);
        await changes.MakeAsync(1);
        await using var slow = await CallStreamClient.OpenAsync(_api.Node, "0", receiveBuffer: 4096);
        await using var quick = await CallStreamClient.OpenAsync(_api.Node, "0");
        (await slow.ChangesAsync(1))[0].Seq.ShouldBe(1);
        var seen = Task.Run(() => quick.ChangesAsync(801));

        // More than every buffer on the way holds, and more changes than wait for one subscriber.
        await changes.MakeAsync(800, new string('x', 20_000));
        (await seen).Select(c => c.Seq).ShouldBe(changes.Made.Select(c => c.Seq));

        (await slow.ChangesAsync(800)).Select(c => (c.Seq, c.Version)).ShouldBe(changes.Made.Skip(1).Select(c => (c.Seq, c.Version)));
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_until_another_ends()
    {
        await using var node = await _api.StartNodeAsync(Settings(("Calls:Live:MaxSubscribers", "1")));
        var first = await CallStreamClient.OpenAsync(node);
        using (var refused = await node.Operator.GetAsync("/calls/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        await first.DisposeAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(node.Services.GetRequiredService<LiveFeed>().Subscribers == 0), s_patience, "the place of a client that left is not free");
        await using var next = await CallStreamClient.OpenAsync(node);
    }

    [Fact]
    public async Task Moments_have_no_words_unless_they_are_asked_for_and_then_leave_a_row_per_call()
    {
        await using var b = await _api.StartNodeAsync();
        await using var plain = await CallStreamClient.OpenAsync(_api.Node);
        await using var words = await CallStreamClient.OpenAsync(b, query: "?text=true");
        await plain.SnapshotAsync();
        await words.SnapshotAsync();
        var feed = _api.Node.Services.GetRequiredService<LiveFeed>();
        var said = new LiveMoment("moment-1", "transcript", TimeProvider.System.GetUtcNow(), "user", "my secret word");

        // Until the replicas hear each other, moments may be lost: so is their nature.
        var heard = words.NextAsync();
        await Eventually.IsTrueAsync(
            () =>
            {
                feed.Tell(said);
                return Task.FromResult(heard.IsCompleted);
            },
            s_patience, "the other replica does not hear moments");

        var there = await heard;
        there.Type.ShouldBe("moment");
        there.Data.GetProperty("text").GetString().ShouldBe("my secret word");
        there.Data.GetProperty("callRef").GetString().ShouldBe("moment-1");
        var here = await plain.NextAsync();
        here.Type.ShouldBe("moment");
        here.Data.GetProperty("role").GetString().ShouldBe("user");
        here.Data.TryGetProperty("text", out _).ShouldBeFalse();
        feed.Tell(said with { CallRef = "moment-2" });
        while ((await words.NextAsync()).Data.GetProperty("callRef").GetString() != "moment-2")
        {
        }

        (await _api.QueryAsync("select string_agg(call_id || ' ' || view || ' ' || key_id, ', ' order by call_id) from transcript_access"))
            .ShouldBe("moment-1 stream 0ff86987c8ca, moment-2 stream 0ff86987c8ca");

        await _api.QueryAsync("alter table transcript_access rename to elsewhere");
        feed.Tell(said with { CallRef = "moment-3" });
        StreamEvent unlogged;
        do
        {
            unlogged = await words.NextAsync();
        }
        while (unlogged.Data.GetProperty("callRef").GetString() != "moment-3");
        unlogged.Data.TryGetProperty("text", out _).ShouldBeFalse("what cannot be logged is not shown");
    }

    [Fact]
    public async Task A_stream_without_news_has_comments()
    {
        await using var node = await _api.StartNodeAsync(Settings(("Calls:Live:HeartbeatSeconds", "1")));
        await using var body = await node.Operator.GetStreamAsync("/calls/stream");
        using var reader = new StreamReader(body);
        for (var comments = 0; comments < 3;)
        {
            comments += (await reader.ReadLineAsync())!.StartsWith(':') ? 1 : 0;
        }
    }

    [Fact]
    public async Task A_host_that_stops_ends_its_streams_cleanly()
    {
        var node = await _api.StartNodeAsync();
        await using var client = await CallStreamClient.OpenAsync(node);
        await client.SnapshotAsync();

        await node.DisposeAsync();

        (await client.TryNextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Without_the_database_a_new_stream_is_503_and_one_that_goes_on_waits_for_it()
    {
        await using var postgres = LocalStack.Faults.FaultyProxy.Start(_api.Cluster.Server.Port);
        var address = new Npgsql.NpgsqlConnectionStringBuilder(_api.ConnectionString) { Host = "127.0.0.1", Port = postgres.Port };
        await using var node = await _api.StartNodeAsync(Settings(("ConnectionStrings:Postgres", address.ConnectionString), ("Operator:DeadlineMilliseconds", "1000")));
        var changes = new CallChanges(_api, _api.Node);
        await changes.MakeAsync(5);
        postgres.Apply(new LocalStack.Faults.ProxyFaults { Mode = LocalStack.Faults.ProxyMode.BlackHole });

        using (var refused = await node.Operator.GetAsync("/calls/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        await using var client = await CallStreamClient.OpenAsync(node, "2");
        postgres.Heal();
        (await client.ChangesAsync(3)).Select(c => c.Seq).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public async Task What_cannot_be_used_is_named()
    {
        await _api.Operator.ShouldRefuseAsync("/calls/stream?after=-1&text=maybe", "after", "text");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calls/stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "9999999999999999999999");
        using var refused = await _api.Operator.SendAsync(request);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Last-Event-ID");
    }

    private static Dictionary<string, string?> Settings(params (string Name, string? Value)[] settings) => settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
}
