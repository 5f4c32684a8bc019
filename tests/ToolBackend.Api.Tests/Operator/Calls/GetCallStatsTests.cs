using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Api.Tests.Operator.Calls;

public sealed class GetCallStatsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset s_hour = new(2024, 6, 3, 14, 0, 0, TimeSpan.Zero);

    private const string ThatDay = "from=2024-06-03T00:00:00Z&to=2024-06-04T00:00:00Z";

    [Fact]
    public async Task Counts_rates_and_percentiles_are_of_the_calls_in_the_range_by_hour_and_by_assistant()
    {
        var ordinary = SampleCall.Ended("stats-1", s_hour.AddMinutes(5)) with { Turns = [.. Enumerable.Range(1, 100).Select(n => new TurnLatency(n * 10))] };
        var failed = SampleCall.Ended("stats-2", s_hour.AddMinutes(10)) with { EndedClass = "platform", Success = "false", Cost = 0.28m, EndedAt = s_hour.AddMinutes(10).AddSeconds(62), Turns = [] };
        var unanswered = SampleCall.Ended("stats-3", s_hour.AddMinutes(65)) with { StartedAt = null, Success = null, Cost = null, EndedClass = "customer", Turns = [], Assistants = [] };
        var odd = SampleCall.Ended("stats-4", s_hour.AddMinutes(70)) with { Success = "7 of 10", Turns = [], Assistants = [new AssistantFact("a2", "Night desk")] };
        var open = SampleCall.Open("stats-5", s_hour.AddMinutes(75)) with { Assistants = [new AssistantFact("a2", "Night desk")] };
        var before = SampleCall.Ended("stats-6", s_hour.AddDays(-1));
        await CallRows.SaveAsync(api.Database, ordinary, failed, unanswered, odd, open, before);
        await api.QueryAsync("""
            insert into tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms)
            select gen_random_uuid(), timestamptz '2024-06-03 14:06+00', case when n <= 10 then 'CA-stats-1' else 'never-folded' end, 'tool-' || n, 'track_shipment', 'found', false, 'memory', n
            from generate_series(1, 20) n
            """);

        var stats = await api.Operator.GetJsonAsync($"/calls/stats?{ThatDay}");

        var all = stats.GetProperty("all");
        all.GetProperty("calls").GetInt64().ShouldBe(5);
        all.GetProperty("open").GetInt64().ShouldBe(1);
        all.GetProperty("answered").GetInt64().ShouldBe(4);
        all.GetProperty("answerRate").GetDouble().ShouldBe(0.8);
        all.GetProperty("evaluated").GetInt64().ShouldBe(2);
        all.GetProperty("successRate").GetDouble().ShouldBe(0.5);
        all.GetProperty("averageDurationMs").GetDouble().ShouldBe((120_000 + 60_000 + 120_000) / 3.0);
        all.GetProperty("cost").GetDecimal().ShouldBe(0.52m);
        Latency(all, "turnMs").ShouldBe((100, 505, 950.5, 990.1));
        Latency(all, "toolMs").ShouldBe((20, 10.5, 19.05, 19.81));
        stats.GetProperty("byClass").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt64()).ShouldBe(
            new Dictionary<string, long> { ["normal"] = 2, ["platform"] = 1, ["customer"] = 1 }, ignoreOrder: true);

        var hours = stats.GetProperty("byHour").EnumerateArray().ToList();
        hours.Select(h => h.GetProperty("hour").GetDateTimeOffset()).ShouldBe([s_hour, s_hour.AddHours(1)]);
        hours.Select(h => h.GetProperty("figures").GetProperty("calls").GetInt64()).ShouldBe([2, 3]);
        hours[0].GetProperty("figures").GetProperty("toolMs").GetProperty("count").GetInt64().ShouldBe(20);
        hours[1].GetProperty("figures").GetProperty("turnMs").ValueKind.ShouldBe(JsonValueKind.Null);

        var assistants = stats.GetProperty("byAssistant").EnumerateArray().ToDictionary(a => a.GetProperty("assistant").GetString() ?? "", a => a.GetProperty("figures"));
        assistants.Keys.ShouldBe(["Front desk", "Night desk", ""], ignoreOrder: true);
        Latency(assistants["Front desk"], "toolMs").Count.ShouldBe(10);
        assistants["Night desk"].GetProperty("open").GetInt64().ShouldBe(1);
        assistants[""].GetProperty("calls").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_range_it_is_the_last_24_hours_and_an_empty_one_has_zeros()
    {
        var stats = await api.Operator.GetJsonAsync("/calls/stats");
        (stats.GetProperty("to").GetDateTimeOffset() - stats.GetProperty("from").GetDateTimeOffset()).ShouldBe(TimeSpan.FromHours(24));

        var empty = await api.Operator.GetJsonAsync("/calls/stats?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z");
        empty.GetProperty("all").GetProperty("calls").GetInt64().ShouldBe(0);
        empty.GetProperty("all").GetProperty("answerRate").ValueKind.ShouldBe(JsonValueKind.Null);
        empty.GetProperty("byHour").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("from=2024-06-03T00:00:00Z&to=2024-06-03T00:00:00Z", "from")]
    [InlineData("from=2024-06-01T00:00:00Z&to=2024-07-03T00:00:00Z", "from")]
    [InlineData("from=yesterday&to=today", "from,to")]
    public Task What_cannot_be_used_is_named(string range, string names) => api.Operator.ShouldRefuseAsync($"/calls/stats?{range}", names.Split(','));

    private static (long Count, double P50, double P95, double P99) Latency(JsonElement figures, string member)
    {
        var latency = figures.GetProperty(member);
        return (latency.GetProperty("count").GetInt64(), Math.Round(latency.GetProperty("p50").GetDouble(), 2), Math.Round(latency.GetProperty("p95").GetDouble(), 2),
            Math.Round(latency.GetProperty("p99").GetDouble(), 2));
    }
}
