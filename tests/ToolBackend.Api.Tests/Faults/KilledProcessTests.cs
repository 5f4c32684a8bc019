using System.Text;
using Npgsql;
using ToolBackend.LocalStack.Faults;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>
/// Row C3: the process is killed at each of twelve points around a booking, and the same tool call comes again to another process.
/// </summary>
/// <remarks>
/// <code>
/// what the booking sends                before Postgres gets it   after (the answer is lost with the process)
/// begin, claim in the ledger             1                         2
/// look at customer and calendar          3                         4
/// new customer                           5                         6
/// new appointment                        7                         8
/// answer into the ledger                 9                        10
/// commit                                11                        12
/// </code>
/// </remarks>
[Collection(FaultsCollection.Name)]
public sealed class KilledProcessTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int AtOnce = 3;

    private static readonly string[] s_steps =
        ["insert into tool_call_ledger", "from customer c where phone = $1", "insert into customer", "insert into appointment", "update tool_call_ledger", "COMMIT"];

    [Fact]
    public async Task C3_a_process_killed_at_any_of_twelve_points_of_a_booking_leaves_one_row_and_one_answer()
    {
        using var turns = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(Enumerable.Range(0, 2 * s_steps.Length).Select(async point =>
        {
            await turns.WaitAsync();
            try
            {
                await KillAndRetryAsync(point);
            }
            finally
            {
                turns.Release();
            }
        }));

        (await api.QueryAsync("select count(*) from appointment where booked_in_call like 'c3-%'")).ShouldBe(2L * s_steps.Length);
    }

    private async Task KillAndRetryAsync(int point)
    {
        var step = Encoding.UTF8.GetBytes(s_steps[point / 2]);
        var after = point % 2 == 1;
        var (callId, caller, arguments) = ($"c3-{point}", $"+1206552{point:D4}", Booking.Arguments(point));
        await using var proxy = FaultyProxy.Start(api.Cluster.Server.Port);
        await using var child = await ApiChild.StartAsync(api.AllSettings(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(api.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
            // However slow the machine, the booking gets to its point.
            ["Tools:WallMilliseconds"] = "15000",
            ["Tools:WallWhenSlowMilliseconds"] = "15000",
            ["Postgres:WriteTimeoutMilliseconds"] = "20000",
        }));
        var claimed = 0;
        var struck = 0;
        proxy.Apply(new ProxyFaults
        {
            Inspect = bytes =>
            {
                // The booking begins with its claim; the same words before it are the warm-up's.
                if (bytes.Span.IndexOf(Encoding.UTF8.GetBytes(callId)) >= 0 && bytes.Span.IndexOf("insert into tool_call_ledger"u8) >= 0)
                {
                    Volatile.Write(ref claimed, 1);
                }

                if (Volatile.Read(ref claimed) == 0 || bytes.Span.IndexOf(step) < 0 || Interlocked.Exchange(ref struck, 1) == 1)
                {
                    return ProxyVerdict.Pass;
                }

                child.Kill();
                return after ? ProxyVerdict.PassThenReset : ProxyVerdict.DropThenReset;
            },
        });

        await Should.ThrowAsync<HttpRequestException>(() => child.PostToolCallAsync("book_appointment", arguments, callId, "t1", caller));
        await child.Exit.WaitAsync(TimeSpan.FromSeconds(10));
        Volatile.Read(ref struck).ShouldBe(1, $"point {point} was not reached");

        var answer = await RetryAsync(callId, caller, arguments);
        var further = await RetryAsync(callId, caller, arguments);

        answer.Result.ShouldNotBeNull(answer.Error).ShouldStartWith("Booked: Consultation with Doctor");
        further.Result.ShouldBe(answer.Result);
        (await Booking.RowsAsync(api, callId)).ShouldBe(1, $"point {point}");
        (await api.QueryAsync($"select count(*) from tool_call_ledger where call_id = '{callId}'")).ShouldBe(1L, $"point {point}");
    }

    /// <summary>Another process gets the same delivery. "I'm still working on that" is no result yet: it asks to come again.</summary>
    private async Task<ToolCallReply> RetryAsync(string callId, string caller, string arguments)
    {
        var reply = await api.PostToolCallAsync("book_appointment", arguments, callId, "t1", caller);
        for (var again = 0; again < 5 && reply.Say == Sentences.StillWorking; again++)
        {
            reply = await api.PostToolCallAsync("book_appointment", arguments, callId, "t1", caller);
        }

        return reply;
    }
}
