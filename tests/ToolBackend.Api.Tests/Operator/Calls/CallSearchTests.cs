using System.Text.Json;
using ToolBackend.Api.Operator;
using ToolBackend.Api.Operator.Calls;

namespace ToolBackend.Api.Tests.Operator.Calls;

/// <summary>What the statements of a first page read, over many calls: an index in the order of the list, and little more than what is shown.</summary>
public sealed class CallSearchTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    /// <summary>Sixty thousand calls: one class, side, type, word, assistant and caller in a hundred or a thousand is rare, the rest are the common ones.</summary>
    private const string Rows = """
        insert into call (call_id, version, status, ended_class, side, type, opened_at, last_event_at, caller, assistant_name, has_report, words, state)
        select 'plan-' || n, 1, case when n % 10000 = 0 then 'in-progress' else 'ended' end, case when n % 10000 = 0 then null when n % 1000 = 1 then 'platform' else 'normal' end,
               case when n % 1000 = 2 then 'own' else 'vapi' end, case when n % 1000 = 3 then 'webCall' else 'inboundPhoneCall' end,
               timestamptz '2020-01-01' + n * interval '1 minute', timestamptz '2020-01-01' + n * interval '1 minute', '+1206' || 5000000 + n / 10, 'assistant ' || n % 2, true,
               to_tsvector('simple', 'hello i would like to book' || case when n % 1000 = 4 then ' zebra' when n % 100 = 5 then ' kayak' else '' end || ' word' || n), '{}'
        from generate_series(1, 60000) n on conflict do nothing;
        """;

    public async ValueTask InitializeAsync()
    {
        await api.QueryAsync(Rows);
        await api.QueryAsync("vacuum analyze call");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("first page")]
    [InlineData("later page")]
    [InlineData("ended")]
    [InlineData("open")]
    [InlineData("ringing")]
    [InlineData("rare class")]
    [InlineData("no such class")]
    [InlineData("caller")]
    [InlineData("no such caller")]
    [InlineData("assistant")]
    [InlineData("no such assistant")]
    [InlineData("assistant and rare class")]
    [InlineData("rare side")]
    [InlineData("rare type")]
    [InlineData("range")]
    [InlineData("common word")]
    [InlineData("rare word")]
    [InlineData("no such word")]
    public async Task A_first_page_reads_little_more_than_it_shows(string asked)
    {
        var filter = asked switch
        {
            "later page" => new CallFilter { After = new PageCursor(new DateTimeOffset(2020, 1, 20, 0, 0, 0, TimeSpan.Zero), "plan-1") },
            "ended" => new CallFilter { Status = "ended" },
            "open" => new CallFilter { Open = true },
            "ringing" => new CallFilter { Status = "ringing" },
            "rare class" => new CallFilter { Class = "platform" },
            "no such class" => new CallFilter { Class = "capacity" },
            "caller" => new CallFilter { Caller = "+12065001234" },
            "no such caller" => new CallFilter { Caller = "+12069999999" },
            "assistant" => new CallFilter { Assistant = "assistant 1" },
            "no such assistant" => new CallFilter { Assistant = "nobody" },
            "assistant and rare class" => new CallFilter { Assistant = "assistant 1", Class = "platform" },
            "rare side" => new CallFilter { Side = "own" },
            "rare type" => new CallFilter { Type = "webCall" },
            "range" => new CallFilter { From = new DateTimeOffset(2020, 1, 10, 0, 0, 0, TimeSpan.Zero), To = new DateTimeOffset(2020, 1, 11, 0, 0, 0, TimeSpan.Zero) },
            "common word" => new CallFilter { Text = "book" },
            "rare word" => new CallFilter { Text = "zebra" },
            "no such word" => new CallFilter { Text = "giraffe" },
            _ => new CallFilter(),
        };

        var (rows, plan) = await ExplainAsync(filter);
        rows.ShouldBeLessThanOrEqualTo(500, plan);
    }

    /// <summary>The largest number of rows that any step of the plan looked at.</summary>
    private async Task<(double Rows, string Plan)> ExplainAsync(CallFilter filter)
    {
        var (sql, parameters) = CallSearch.Statement(filter);
        await using var command = api.Database.CreateCommand("explain (analyze, timing off, format json) " + sql);
        command.Parameters.AddRange(parameters);
        var plan = (string)(await command.ExecuteScalarAsync())!;
        using var json = JsonDocument.Parse(plan);
        return (Steps(json.RootElement[0].GetProperty("Plan")).Max(), plan);
    }

    private static IEnumerable<double> Steps(JsonElement step)
    {
        var seen = step.GetProperty("Actual Rows").GetDouble();
        foreach (var removed in (string[])["Rows Removed by Filter", "Rows Removed by Index Recheck"])
        {
            seen += step.TryGetProperty(removed, out var rows) ? rows.GetDouble() : 0;
        }

        yield return seen;
        if (step.TryGetProperty("Plans", out var inner))
        {
            foreach (var rows in inner.EnumerateArray().SelectMany(Steps))
            {
                yield return rows;
            }
        }
    }
}
