using System.Text.Json.Nodes;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public class ListPagesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static JsonArray Page(IEnumerable<int> minutes) =>
        [.. minutes.Select(minute => new JsonObject { ["id"] = $"{minute}", ["createdAt"] = Start.AddMinutes(minute).ToString("O") })];

    [Fact]
    public void The_first_request_names_no_page_since_bare_arrays_refuse_that_word() =>
        new ListPages("assistant", null).First.ShouldBe([new("limit", "1000")]);

    [Fact]
    public void A_full_page_newest_first_goes_on_before_its_last()
    {
        var pages = new ListPages("assistant", null);

        var next = pages.Add(Page(Enumerable.Range(0, 1000).Reverse()))!;

        // A millisecond more: Vapi shows no finer time than it keeps.
        next.ShouldContain(new KeyValuePair<string, string>("createdAtLe", "2026-01-01T00:00:00.001Z"));
    }

    [Fact]
    public void A_full_page_oldest_first_goes_on_after_its_last()
    {
        var pages = new ListPages("assistant", null);

        var next = pages.Add(Page(Enumerable.Range(0, 1000)))!;

        next.ShouldContain(new KeyValuePair<string, string>("createdAtGe", "2026-01-01T16:39:00.000Z"));
        pages.Add(Page([999, 1000, 1001])).ShouldBeNull();
        pages.Items.Count.ShouldBe(1002);
    }

    [Fact]
    public void A_full_page_in_no_order_is_refused()
    {
        var pages = new ListPages("assistant", null);

        Should.Throw<VapiApiException>(() => pages.Add(Page([.. Enumerable.Range(0, 998), 5000, 4000]))).Failure.ShouldBe(VapiFailure.Unreadable);
    }

    [Fact]
    public void A_short_page_in_no_order_is_the_whole_list() => new ListPages("assistant", null).Add(Page([3, 1, 2])).ShouldBeNull();

    [Theory]
    [InlineData("""{"message":"hello"}""")]
    [InlineData("""{"results":{}}""")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void What_is_no_list_is_refused(string answer) =>
        Should.Throw<VapiApiException>(() => new ListPages("assistant", null).Add(JsonNode.Parse(answer))).Failure.ShouldBe(VapiFailure.Unreadable);

    [Theory]
    [InlineData("""{"results":[{"id":"1"}],"metadata":{"itemsPerPage":1,"totalItems":2,"currentPage":1}}""", true)]
    [InlineData("""{"results":[{"id":"1"}],"metadata":{"itemsPerPage":1,"totalItems":1,"currentPage":1}}""", false)]
    [InlineData("""{"results":[{"id":"1"}],"metadata":{"itemsPerPage":100,"totalItems":1,"currentPage":1,"hasNextPage":true}}""", true)]
    [InlineData("""{"results":[{"id":"1"}],"metadata":{"itemsPerPage":1,"totalItems":9,"currentPage":1,"hasNextPage":false}}""", false)]
    [InlineData("""{"results":[],"metadata":{"itemsPerPage":1,"totalItems":9,"currentPage":1,"hasNextPage":true}}""", false)]
    [InlineData("""{"results":[{"id":"1"}]}""", false)]
    public void Pages_end_where_their_metadata_says_or_where_nothing_comes(string answer, bool goesOn)
    {
        var next = new ListPages("structured-output", null).Add(JsonNode.Parse(answer));

        (next is not null).ShouldBe(goesOn);
        if (goesOn)
        {
            next!.ShouldContain(new KeyValuePair<string, string>("page", "2"));
        }
    }

    [Fact]
    public void Pages_that_never_end_are_given_up()
    {
        var pages = new ListPages("structured-output", null);

        Should.Throw<VapiApiException>(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                pages.Add(JsonNode.Parse("""{"results":[{"id":"1"}],"metadata":{"hasNextPage":true}}"""));
            }
        }).Failure.ShouldBe(VapiFailure.Unreadable);
    }
}
