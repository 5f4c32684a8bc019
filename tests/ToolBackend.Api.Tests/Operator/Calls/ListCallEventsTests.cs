using System.Text.Json;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Api.Tests.Operator.Calls;

public sealed class ListCallEventsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset s_opened = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_of_both_sides_come_in_the_order_of_their_sending()
    {
        await CallRows.SaveAsync(api.Database, SampleCall.Ended("events-1", s_opened) with { Aliases = ["CA-events-1", "events-1", "pipe-events-1"], Side = "both" });
        await AddAsync("events-1", 1, """{"message":{"type":"status-update"}}""");
        await AddAsync("pipe-events-1", 2, null, source: "pipeline");
        await AddAsync("events-1", 3, "not { json");
        await AddAsync("someone-else", 4, "{}");

        var events = (await api.Operator.GetJsonAsync("/calls/CA-events-1/events")).Items().ToList();

        events.Select(e => e.GetProperty("callRef").GetString()).ShouldBe(["events-1", "pipe-events-1", "events-1"]);
        events.Select(e => e.GetProperty("source").GetString()).ShouldBe(["vapi", "pipeline", "vapi"]);
        events[0].GetProperty("type").GetString().ShouldBe("status-update");
        events[0].GetProperty("kind").GetString().ShouldBe("Status");
        events[0].GetProperty("sentAt").GetDateTimeOffset().ShouldBe(s_opened.AddSeconds(1));
        events[0].GetProperty("receivedAt").GetDateTimeOffset().ShouldBe(s_opened.AddSeconds(1.5));
        events[0].GetProperty("facts").GetProperty("status").GetString().ShouldBe("in-progress");
        events[0].GetProperty("body").GetProperty("message").GetProperty("type").GetString().ShouldBe("status-update");
        events[1].GetProperty("body").ValueKind.ShouldBe(JsonValueKind.Null);
        events[2].GetProperty("body").GetString().ShouldBe("not { json", "an inspector shows what it cannot read");
        (await api.QueryAsync("select count(*) from transcript_access where call_id = 'events-1' and view = 'events'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Pages_of_any_size_join_to_the_whole_list()
    {
        await CallRows.SaveAsync(api.Database, SampleCall.Ended("events-2", s_opened));
        for (var n = 0; n < 13; n++)
        {
            await AddAsync("events-2", Math.Min(n, 9), "{}");
        }

        var whole = (await api.Operator.GetJsonAsync("/calls/events-2/events")).Strings("messageId").ToList();
        whole.Count.ShouldBe(13);
        foreach (var size in (int[])[1, 4, 13])
        {
            (await ReadAsync("events-2", size)).ShouldBe(whole);
        }
    }

    [Fact]
    public async Task Large_messages_make_short_pages()
    {
        await CallRows.SaveAsync(api.Database, SampleCall.Ended("events-3", s_opened));
        for (var n = 0; n < 4; n++)
        {
            await AddAsync("events-3", n, $$"""{"padding":"{{new string('x', 3_000_000)}}"}""");
        }

        var first = await api.Operator.GetJsonAsync("/calls/events-3/events");
        first.Items().Count().ShouldBe(1);
        first.Next().ShouldNotBeNull();
        (await ReadAsync("events-3", 50)).Distinct().Count().ShouldBe(4);
    }

    private async Task<List<string>> ReadAsync(string call, int size)
    {
        List<string> joined = [];
        string? after = null;
        do
        {
            var page = await api.Operator.GetJsonAsync($"/calls/{call}/events?limit={size}{(after is null ? "" : $"&after={after}")}");
            joined.AddRange(page.Strings("messageId"));
            after = page.Next();
        }
        while (after is not null);
        return joined;
    }

    private async Task AddAsync(string callRef, int second, string? body, string source = "vapi")
    {
        await using var command = api.Database.CreateCommand("""
            insert into call_event (call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts, body)
            values ($1, $2, gen_random_uuid(), $3, 'status-update', 'Status', null, $4, '{"status":"in-progress"}', $5)
            """);
        command.Parameters.AddWithValue(callRef);
        command.Parameters.AddWithValue(s_opened.AddSeconds(second));
        command.Parameters.AddWithValue(source);
        command.Parameters.AddWithValue(s_opened.AddSeconds(second + 0.5));
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = (object?)body ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
    }
}
