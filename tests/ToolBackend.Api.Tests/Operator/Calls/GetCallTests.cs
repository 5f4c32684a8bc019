using System.Net;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Api.Tests.Operator.Calls;

public sealed class GetCallTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset s_opened = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_call_is_found_by_each_of_its_names_and_each_look_leaves_a_row()
    {
        var call = SampleCall.Ended("get-1", s_opened) with { Aliases = ["CA-get-1", "get-1", "pipeline-get-1"], Side = "both" };
        await CallRows.SaveAsync(api.Database, call);
        foreach (var name in call.Aliases)
        {
            var detail = await api.Operator.GetJsonAsync($"/calls/{name}");
            var state = detail.GetProperty("call");
            state.GetProperty("callId").GetString().ShouldBe("get-1");
            state.GetProperty("transcript").EnumerateArray().Select(u => u.GetProperty("text").GetString()).ShouldBe(call.Transcript.Select(u => u.Text));
            state.GetProperty("costBreakdown").GetProperty("llm").GetDecimal().ShouldBe(0.05m);
            state.GetProperty("turns").GetArrayLength().ShouldBe(2);
        }

        (await api.QueryAsync("select count(*) from transcript_access where call_id = 'get-1' and view = 'call' and key_id = '0ff86987c8ca' and at > now() - interval '1 hour'")).ShouldBe(3L);
    }

    [Fact]
    public async Task Tool_calls_are_joined_with_our_own_latencies()
    {
        var call = SampleCall.Ended("get-2", s_opened);
        await CallRows.SaveAsync(api.Database, call);
        await api.QueryAsync("""
            insert into tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms, caller_hash) values
              ('00000000-0000-7000-8000-000000000001', '2026-11-01 12:00:31+00', 'get-2', 'tool-get-2', 'book_appointment', 'booked', false, 'database', 14.5, 'abc'),
              ('00000000-0000-7000-8000-000000000002', '2026-11-01 12:00:33+00', 'get-2', 'tool-get-2', 'book_appointment', 'booked', false, 'none', 2, 'abc'),
              ('00000000-0000-7000-8000-000000000003', '2026-11-01 12:00:10+00', 'CA-get-2', 'tool-untold', 'find_open_slots', 'found', false, 'memory', 1.5, 'abc'),
              ('00000000-0000-7000-8000-000000000004', '2026-11-01 12:00:10+00', 'other-call', 'tool-get-2', 'book_appointment', 'booked', false, 'database', 99, 'abc')
            """);

        var tools = (await api.Operator.GetJsonAsync("/calls/get-2")).GetProperty("toolCalls").EnumerateArray().ToList();

        tools.Select(t => t.GetProperty("id").GetString()).ShouldBe(["tool-untold", "tool-get-2"]);
        tools[0].GetProperty("name").GetString().ShouldBe("find_open_slots");
        tools[0].GetProperty("answers")[0].GetProperty("source").GetString().ShouldBe("memory");
        tools[1].GetProperty("result").GetString().ShouldBe("Booked: Check-up on Thursday.");
        tools[1].GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("durationMs").GetDouble()).ShouldBe([14.5, 2]);
        tools[1].GetProperty("answers")[0].GetProperty("outcome").GetString().ShouldBe("booked");
    }

    [Theory]
    [InlineData("/calls/no-such-call")]
    [InlineData("/calls/no-such-call/events")]
    public async Task An_unknown_call_is_404_and_leaves_no_row(string path)
    {
        using var answer = await api.Operator.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await api.QueryAsync("select count(*) from transcript_access where call_id = 'no-such-call'")).ShouldBe(0L);
    }

    [Fact]
    public async Task What_is_no_id_is_named()
    {
        await api.Operator.ShouldRefuseAsync($"/calls/{new string('x', 129)}", "id");
        await api.Operator.ShouldRefuseAsync($"/calls/{new string('x', 129)}/events?limit=none&after=x", "id", "limit", "after");
    }

    [Fact]
    public async Task Without_a_row_in_the_access_log_nothing_is_shown()
    {
        await CallRows.SaveAsync(api.Database, SampleCall.Ended("get-secret", s_opened));
        await api.QueryAsync("""
            create function refuse_access() returns trigger language plpgsql as $$ begin raise exception 'disk full' using errcode = 'disk_full'; end $$;
            create trigger refuse_access before insert on transcript_access for each row when (new.call_id = 'get-secret') execute function refuse_access()
            """);
        foreach (var path in (string[])["/calls/get-secret", "/calls/get-secret/events"])
        {
            using var answer = await api.Operator.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("check-up", Case.Insensitive);
        }

        await api.QueryAsync("drop trigger refuse_access on transcript_access; create or replace function refuse_access() returns trigger language plpgsql as $$ begin return null; end $$");
        (await api.Operator.GetJsonAsync("/calls/get-secret")).ToString().ShouldContain("check-up");
    }
}
