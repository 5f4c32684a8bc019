using System.Text.Json;

namespace ToolBackend.Api.Tests.Operator;

public sealed class OpenApiDescriptionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task It_is_OpenAPI_3_1_and_readable_without_a_key() =>
        (await ReadAsync()).GetProperty("openapi").GetString().ShouldStartWith("3.1");

    [Fact]
    public async Task It_holds_exactly_the_operator_routes()
    {
        var paths = (await ReadAsync()).GetProperty("paths");
        paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name} {p.Name}")).ShouldBe(
            [
                "get /appointments", "get /shipments/{trackingNumber}", "get /tools", "get /tool-invocations",
                "get /calls", "get /calls/{id}", "get /calls/{id}/events", "get /calls/stats", "get /calls/live", "get /calls/stream", "post /calls/{id}/control", "post /calls", "get /calls/placed/{key}",
                "get /failover", "put /failover/routes/{line}",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Every_parameter_of_every_route_is_described()
    {
        foreach (var operation in Operations(await ReadAsync()).Where(o => o.TryGetProperty("parameters", out _)))
        {
            operation.GetProperty("parameters").EnumerateArray().ShouldAllBe(p => p.GetProperty("description").GetString()!.Length > 5);
        }
    }

    [Fact]
    public async Task The_stream_is_described_as_text_with_an_example()
    {
        var content = (await ReadAsync()).GetProperty("paths").GetProperty("/calls/stream").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("text/event-stream");
        content.GetProperty("schema").GetProperty("type").GetString().ShouldBe("string");
        content.GetProperty("example").GetString()!.ShouldContain("event: call");
    }

    [Fact]
    public async Task Every_route_requires_the_bearer_key()
    {
        var document = await ReadAsync();
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("operatorKey");
        scheme.GetProperty("type").GetString().ShouldBe("http");
        scheme.GetProperty("scheme").GetString().ShouldBe("bearer");
        document.GetProperty("security").EnumerateArray().ShouldHaveSingleItem().TryGetProperty("operatorKey", out _).ShouldBeTrue();
        Operations(document).Select(o => o.ToString()).ShouldAllBe(o => !o.Contains("\"security\":")); // nothing overrides it
    }

    [Fact]
    public async Task Every_route_describes_its_failures_with_an_example()
    {
        foreach (var operation in Operations(await ReadAsync()))
        {
            foreach (var status in (string[])["401", "503"])
            {
                var example = operation.GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty("application/problem+json").GetProperty("example");
                example.GetProperty("status").GetInt32().ToString().ShouldBe(status);
            }
        }
    }

    [Fact]
    public async Task Parameters_have_the_names_that_errors_use_and_a_description()
    {
        var parameters = (await ReadAsync()).GetProperty("paths").GetProperty("/appointments").GetProperty("get").GetProperty("parameters").EnumerateArray().ToList();
        parameters.Select(p => p.GetProperty("name").GetString()).ShouldBe(["day", "practitioner", "phone", "X-Phone", "status", "limit", "after"]);
        parameters.ShouldAllBe(p => p.GetProperty("description").GetString()!.Length > 5);
        var limit = parameters.Single(p => p.GetProperty("name").GetString() == "limit").GetProperty("schema");
        limit.GetProperty("type").GetString().ShouldBe("integer");
        limit.GetProperty("maximum").GetInt32().ShouldBe(200);
    }

    private async Task<JsonElement> ReadAsync() => await api.Http.GetJsonAsync("/openapi/v1.json");

    private static IEnumerable<JsonElement> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value);
}
