using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Operator;

public sealed class ListToolInvocationsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Twelve rows of two tools in a year of their own; four of them share one moment.</summary>
    private const string Rows = """
        insert into tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms, caller_hash)
        select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, timestamptz '2031-05-01 12:00+00' + make_interval(mins => greatest(n, 4)),
               'paging-call-' || n % 2, 'tool-' || n, case when n % 3 = 0 then 'book_appointment' else 'track_shipment' end,
               case when n % 4 = 0 then 'slot_taken' else 'found' end, n % 4 = 0, 'database', n + 0.5, 'abc'
        from generate_series(1, 12) n on conflict do nothing
        """;

    private const string OfThatYear = "from=2031-01-01T00:00:00Z&to=2032-01-01T00:00:00Z";

    [Fact]
    public async Task An_answered_tool_call_is_listed_without_the_callers_number()
    {
        var callId = $"call-{Guid.NewGuid():N}";
        (await api.PostToolCallAsync("list_shipments", callId: callId, caller: DemoSeed.CallerPhone)).Result.ShouldNotBeNull();

        // Rows are written behind the answer, in batches.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var page = await api.Operator.GetJsonAsync($"/tool-invocations?callId={callId}");
        while (!page.Items().Any())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            page = await api.Operator.GetJsonAsync($"/tool-invocations?callId={callId}");
        }

        var item = page.Items().ShouldHaveSingleItem();
        item.GetProperty("tool").GetString().ShouldBe("list_shipments");
        item.GetProperty("failed").GetBoolean().ShouldBeFalse();
        item.GetProperty("durationMs").GetDouble().ShouldBeGreaterThan(0);
        item.GetProperty("callerHash").GetString().ShouldNotBeNullOrEmpty();
        item.ToString().ShouldNotContain(DemoSeed.CallerPhone[1..]);
    }

    [Fact]
    public async Task Pages_of_any_size_join_to_the_whole_list_newest_first()
    {
        await api.QueryAsync(Rows);
        var whole = (await api.Operator.GetJsonAsync($"/tool-invocations?{OfThatYear}")).Strings("toolCallId").ToList();
        whole.ShouldBe(Enumerable.Range(1, 12).Reverse().Select(n => $"tool-{n}"));
        foreach (var size in (int[])[1, 2, 5, 12])
        {
            List<string> joined = [];
            string? after = null;
            do
            {
                var page = await api.Operator.GetJsonAsync($"/tool-invocations?{OfThatYear}&limit={size}{(after is null ? "" : $"&after={after}")}");
                joined.AddRange(page.Strings("toolCallId"));
                after = page.Next();
            }
            while (after is not null);

            joined.ShouldBe(whole);
        }
    }

    [Theory]
    [InlineData("tool=book_appointment", new[] { 12, 9, 6, 3 })]
    [InlineData("callId=paging-call-0", new[] { 12, 10, 8, 6, 4, 2 })]
    [InlineData("outcome=slot_taken", new[] { 12, 8, 4 })]
    [InlineData("failed=true", new[] { 12, 8, 4 })]
    [InlineData("failed=true&tool=book_appointment", new[] { 12 })]
    [InlineData("from=2031-05-01T05:11:00-07:00", new[] { 12, 11 })]
    [InlineData("from=2031-05-01T14:11:00+02:00", new[] { 12, 11 })] // an unescaped plus is a space
    [InlineData("to=2031-05-01T12:05:00Z", new[] { 4, 3, 2, 1 })]
    public async Task Filters_add_up(string filter, int[] expected)
    {
        await api.QueryAsync(Rows);
        var rest = string.Join('&', OfThatYear.Split('&').Where(f => !filter.Contains(f[..3], StringComparison.Ordinal)));
        (await api.Operator.GetJsonAsync($"/tool-invocations?{filter}&{rest}")).Strings("toolCallId").ShouldBe(expected.Select(n => $"tool-{n}"));
    }

    [Fact]
    public Task What_cannot_be_used_is_named() => api.Operator.ShouldRefuseAsync(
        "/tool-invocations?failed=yes&from=2031-05-01&to=noon&limit=many&after=MTIzLjQ&tool=&callId=%00&outcome=", "failed", "from", "to", "limit", "after", "tool", "callId", "outcome");
}
