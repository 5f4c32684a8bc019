using System.Net;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Api.Tests.Operator.Calls;

public sealed class ListCallsTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    /// <summary>Ended calls of a year of their own; the last four share one moment.</summary>
    private static readonly DateTimeOffset s_first = new(2021, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private const string OfThatYear = "from=2021-01-01T00:00:00Z&to=2022-01-01T00:00:00Z";

    public async ValueTask InitializeAsync() => await CallRows.SaveAsync(api.Database, [.. Enumerable.Range(1, 12).Select(Call)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Pages_of_any_size_join_to_the_whole_list_newest_first()
    {
        var whole = (await api.Operator.GetJsonAsync($"/calls?{OfThatYear}")).Strings("callId").ToList();
        whole.ShouldBe(Enumerable.Range(1, 12).Reverse().Select(Id));
        foreach (var size in (int[])[1, 2, 5, 12])
        {
            List<string> joined = [];
            string? after = null;
            do
            {
                var page = await api.Operator.GetJsonAsync($"/calls?{OfThatYear}&limit={size}{(after is null ? "" : $"&after={after}")}");
                joined.AddRange(page.Strings("callId"));
                after = page.Next();
            }
            while (after is not null);

            joined.ShouldBe(whole);
        }
    }

    [Theory]
    [InlineData("status=ended&class=platform", new[] { 9, 3 })]
    [InlineData("class=customer", new int[0])]
    [InlineData("caller=%2B12065550199", new[] { 10, 5 })]
    [InlineData("caller=+12065550199", new[] { 10, 5 })] // an unescaped plus is a space
    [InlineData("assistant=Front desk", new[] { 12, 11, 10, 9, 8, 7, 6, 5, 3, 2, 1 })]
    [InlineData("assistant=nameless-assistant", new[] { 4 })]
    [InlineData("side=both", new[] { 7 })]
    [InlineData("type=webCall", new[] { 11, 1 })]
    [InlineData("open=false&class=platform", new[] { 9, 3 })]
    [InlineData("q=zebra", new[] { 8 })]
    [InlineData("q=ZEBRA or giraffe", new[] { 8, 2 })]
    [InlineData("q=check-up -giraffe -zebra&type=webCall", new[] { 11, 1 })]
    [InlineData("q=\"check-up on thursday\"&class=platform", new[] { 9, 3 })]
    [InlineData("q=nosuchword", new int[0])]
    [InlineData("from=2021-05-01T12:08:00Z", new[] { 12, 11, 10, 9, 8 })]
    [InlineData("to=2021-05-01T05:03:00-07:00", new[] { 2, 1 })]
    public async Task Filters_add_up(string filter, int[] expected)
    {
        var rest = string.Join('&', OfThatYear.Split('&').Where(f => !filter.StartsWith(f[..3], StringComparison.Ordinal)));
        (await api.Operator.GetJsonAsync($"/calls?{filter}&{rest}")).Strings("callId").ShouldBe(expected.Select(Id));
    }

    [Fact]
    public async Task A_caller_is_found_by_header_too_and_not_by_both()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/calls?{OfThatYear}");
        request.Headers.Add("X-Phone", "+12065550199");
        using var answer = await api.Operator.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(Id(5));

        using var both = new HttpRequestMessage(HttpMethod.Get, "/calls?caller=%2B12065550199");
        both.Headers.Add("X-Phone", "+12065550199");
        using var refused = await api.Operator.SendAsync(both);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("\"caller\"");
    }

    [Fact]
    public async Task An_item_tells_what_lists_need_and_nothing_that_was_said()
    {
        var item = (await api.Operator.GetJsonAsync($"/calls?{OfThatYear}&limit=1")).Items().ShouldHaveSingleItem();
        item.GetProperty("status").GetString().ShouldBe("ended");
        item.GetProperty("endedReason").GetString().ShouldBe("customer-ended-call");
        item.GetProperty("caller").GetString().ShouldBe(SampleCall.Caller);
        item.GetProperty("assistant").GetString().ShouldBe("Front desk");
        item.GetProperty("durationMs").GetInt64().ShouldBe(120_000);
        item.GetProperty("cost").GetDecimal().ShouldBe(0.12m);
        item.GetProperty("providerCallId").GetString().ShouldBe($"CA-{Id(12)}");
        item.ToString().ShouldNotContain("check-up", Case.Insensitive);
    }

    [Fact]
    public async Task Open_calls_are_listed_by_open_by_status_and_live()
    {
        var now = TimeProvider.System.GetUtcNow();
        await CallRows.SaveAsync(api.Database, SampleCall.Open("open-1", now), SampleCall.Open("open-2", now.AddSeconds(1)) with { Status = "ringing", StartedAt = null });

        (await api.Operator.GetJsonAsync("/calls?open=true")).Strings("callId").ShouldBe(["open-2", "open-1"]);
        (await api.Operator.GetJsonAsync("/calls?status=ringing")).Strings("callId").ShouldBe(["open-2"]);
        var live = await api.Operator.GetJsonAsync("/calls/live");
        live.Strings("callId").ShouldBe(["open-2", "open-1"]);
        live.GetProperty("more").GetBoolean().ShouldBeFalse();
        live.GetProperty("seq").GetInt64().ShouldBe((long)(await api.QueryAsync("select max(seq) from call_change"))!);
    }

    [Fact]
    public async Task An_id_with_dots_and_other_letters_pages_too()
    {
        var at = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var ids = (string[])["a.b.c", "ünï-ç0dé." + new string('é', 100), "z"];
        await CallRows.SaveAsync(api.Database, [.. ids.Select(id => SampleCall.Ended(id, at) with { Aliases = [id] })]);
        List<string> read = [];
        string? after = null;
        do
        {
            var page = await api.Operator.GetJsonAsync($"/calls?to=2020-12-01T00:00:00Z&limit=1{(after is null ? "" : $"&after={after}")}");
            read.AddRange(page.Strings("callId"));
            after = page.Next();
        }
        while (after is not null);

        read.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public Task What_cannot_be_used_is_named() => api.Operator.ShouldRefuseAsync(
        "/calls?status=over&class=bad&open=yes&from=now&to=2021&caller=5550199&assistant=&side=left&type=fax&q=&limit=0&after=x",
        "status", "class", "open", "from", "to", "caller", "assistant", "side", "type", "q", "limit", "after");

    [Theory]
    [InlineData("-hello")]
    [InlineData("...")]
    [InlineData("-hello -booked")]
    public Task A_search_for_no_word_is_refused(string text) => api.Operator.ShouldRefuseAsync($"/calls?q={text}", "q");

    private static string Id(int n) => $"list-{n:00}";

    private static CallState Call(int n)
    {
        var call = SampleCall.Ended(Id(n), s_first.AddMinutes(Math.Min(n, 9)));
        call = call with
        {
            EndedClass = n % 6 == 3 ? "platform" : "normal",
            Caller = n % 5 == 0 ? "+12065550199" : SampleCall.Caller,
            Side = n == 7 ? "both" : "vapi",
            Type = n % 10 == 1 ? "webCall" : "inboundPhoneCall",
        };
        return n switch
        {
            2 => call with { Transcript = [.. call.Transcript, new Utterance("user", "And a giraffe.")] },
            4 => call with { Assistants = [new AssistantFact("nameless-assistant", null)] },
            8 => call with { Transcript = [.. call.Transcript, new Utterance("user", "And a zebra.")] },
            _ => call,
        };
    }
}
