using System.Net;
using System.Net.Http.Json;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>What <c>/readyz</c> says.</summary>
internal sealed record ReadyzReport(HttpStatusCode Code, string Status, string Postgres, string Redis)
{
    public static async Task<ReadyzReport> OfAsync(ApiNode node)
    {
        using var answer = await node.Http.GetAsync("/readyz");
        var body = await answer.Content.ReadFromJsonAsync<Body>();
        return new ReadyzReport(answer.StatusCode, body!.Status, body.Postgres, body.Redis);
    }

    private sealed record Body(string Status, string Postgres, string Redis);
}
