using System.Net;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Hosting;

public sealed class HealthEndpointsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Version_names_the_build()
    {
        using var answer = await api.Http.GetAsync("/version");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"version\":\"0.1.0");
    }

    [Fact]
    public async Task A_ready_host_answers_a_tool_call_from_the_demo_data()
    {
        var reply = await api.PostToolCallAsync("track_shipment", $$"""{"trackingNumber":"{{DemoSeed.CallerTrackingNumber}}"}""", caller: DemoSeed.CallerPhone);
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Result.ShouldNotBeNull().ShouldContain("Northwind Books");
    }
}
