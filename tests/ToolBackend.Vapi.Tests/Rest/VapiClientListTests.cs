using System.Globalization;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public sealed class VapiClientListTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private VapiOrg _org = null!;

    public async ValueTask InitializeAsync() => _org = await VapiOrg.StartAsync(new VapiSimulatorOptions { Time = _clock });

    public ValueTask DisposeAsync() => _org.DisposeAsync();

    private void Fill(VapiOrg org, string path, int count, int perMillisecond)
    {
        for (var i = 0; i < count; i++)
        {
            org.Simulator.Resources.Add(path, new JsonObject { ["name"] = i.ToString(CultureInfo.InvariantCulture) });
            if (i % perMillisecond == perMillisecond - 1)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private static IEnumerable<int> Names(IEnumerable<JsonObject> items) => items.Select(item => int.Parse(item["name"]!.GetValue<string>(), CultureInfo.InvariantCulture)).Order();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(99, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 1)]
    [InlineData(3456, 1)]
    [InlineData(3456, 7)]
    [InlineData(2500, 400)]
    public async Task A_bare_array_is_read_to_its_end_each_object_once(int count, int perMillisecond)
    {
        Fill(_org, "assistant", count, perMillisecond);
        using var vapi = _org.Client();

        var all = await vapi.ListAsync("assistant");

        Names(all).ShouldBe(Enumerable.Range(0, count));
    }

    [Fact]
    public async Task More_objects_of_one_moment_than_a_list_can_hold_are_an_error_and_never_a_shorter_list()
    {
        Fill(_org, "assistant", 2100, perMillisecond: 2100);
        using var vapi = _org.Client();

        (await Should.ThrowAsync<VapiApiException>(() => vapi.ListAsync("assistant"))).Failure.ShouldBe(VapiFailure.Unreadable);
    }

    [Theory]
    [InlineData("structured-output")]
    [InlineData("v2/phone-number")]
    public async Task Pages_are_read_to_their_end(string path)
    {
        Fill(_org, path.Split('/')[^1], 2345, perMillisecond: 10);
        using var vapi = _org.Client();

        Names(await vapi.ListAsync(path)).ShouldBe(Enumerable.Range(0, 2345));
        _org.Simulator.Requests.All.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_list_that_has_become_pages_is_read_all_the_same()
    {
        await using var org = await VapiOrg.StartAsync(new VapiSimulatorOptions { Time = _clock, PagedLists = new HashSet<string> { "tool" } });
        Fill(org, "tool", 1234, perMillisecond: 1);
        using var vapi = org.Client();

        Names(await vapi.ListAsync("tool")).ShouldBe(Enumerable.Range(0, 1234));
    }

    [Fact]
    public async Task Filters_go_with_every_page()
    {
        Fill(_org, "assistant", 1500, perMillisecond: 1);
        var since = _clock.UtcNow;
        Fill(_org, "assistant", 1200, perMillisecond: 1);
        using var vapi = _org.Client();

        var late = await vapi.ListAsync("assistant", [new("createdAtGe", since.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))]);

        Names(late).ShouldBe(Enumerable.Range(0, 1200));
    }

    [Fact]
    public async Task Calls_that_changed_since_a_moment_are_all_found()
    {
        _org.Simulator.Calls.Add(ReadyScripts.Parcel(1), _clock.UtcNow);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var since = _clock.UtcNow;
        var changed = Enumerable.Range(2, 5).Select(seed => _org.Simulator.Calls.Add(ReadyScripts.Parcel(seed), since.AddHours(-seed)).Id).ToArray();
        using var vapi = _org.Client();

        var calls = await vapi.ListCallsUpdatedSinceAsync(since);

        calls.Select(call => call["id"]!.GetValue<string>()).ShouldBe(changed, ignoreOrder: true);
        (await vapi.GetCallAsync(changed[0]))!["endedReason"]!.GetValue<string>().ShouldBe("assistant-ended-call");
        (await vapi.GetCallAsync("5d7c0b52-0000-4000-8000-00000000dead")).ShouldBeNull();
    }
}
