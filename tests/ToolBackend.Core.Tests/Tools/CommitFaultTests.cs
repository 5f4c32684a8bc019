using Npgsql;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Tools;

/// <summary>Row F6: the connection is lost while a booking commits, before or after the server has read the COMMIT.</summary>
public sealed class CommitFaultTests(DemoDatabase database, PostgresCluster cluster) : IClassFixture<DemoDatabase>
{
    private const int Times = 40;

    [Fact]
    public async Task F6_a_connection_reset_during_commit_neither_loses_nor_doubles_a_booking()
    {
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        var proxied = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;
        await using var node = await CoreNode.StartAsync(proxied, null, ("Tools:WallMilliseconds", "15000"), ("Tools:WallWhenSlowMilliseconds", "15000"), ("Postgres:WriteTimeoutMilliseconds", "20000"));

        for (var i = 0; i < Times; i++)
        {
            // Once per round; even rounds: the server never sees the COMMIT; odd rounds: it does, but its answer is lost.
            var armed = 1;
            var verdict = i % 2 == 0 ? ProxyVerdict.DropThenReset : ProxyVerdict.PassThenReset;
            proxy.Apply(new ProxyFaults
            {
                Inspect = bytes => IsCommit(bytes.Span) && Interlocked.Exchange(ref armed, 0) == 1 ? verdict : ProxyVerdict.Pass,
            });
            var day = DemoDatabase.FreeDay.AddDays(7 * (i / 8)).ToString("yyyy-MM-dd");
            var arguments = $$"""{"service":"consultation","date":"{{day}}","time":"{{9 + (i % 3)}}:{{i / 3 % 2 * 30:D2}}","practitioner":"{{(i % 2 == 0 ? "Nguyen" : "Ortiz")}}","name":"Caller {{i}}"}""";

            var answer = await node.CallAsync("book_appointment", arguments, $"f6-{i}", "t1", $"+1206558{i:D4}");
            var again = await node.CallAsync("book_appointment", arguments, $"f6-{i}", "t1", $"+1206558{i:D4}");

            Volatile.Read(ref armed).ShouldBe(0, "the fault must have struck");
            answer.Failed.ShouldBeFalse(answer.Say);
            again.ShouldBe(answer);
            (await database.ScalarAsync<long>($"select count(*) from appointment where booked_in_call = 'f6-{i}'"))
                .ShouldBe(answer.Say.StartsWith("Booked:", StringComparison.Ordinal) ? 1 : 0, answer.Say);
        }

        (await database.ScalarAsync<long>("select count(*) from appointment where booked_in_call like 'f6-%'")).ShouldBeGreaterThan(Times / 2);
        (await database.OverlapsAsync()).ShouldBe(0);
    }

    private static bool IsCommit(ReadOnlySpan<byte> sent) => sent.IndexOf("COMMIT"u8) >= 0;
}
