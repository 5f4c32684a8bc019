using System.Net;
using System.Text.Json;

namespace ToolBackend.Api.Tests.Operator;

/// <summary>Reading of JSON answers, with the status asserted.</summary>
internal static class Answers
{
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public static IEnumerable<JsonElement> Items(this JsonElement page) => page.GetProperty("items").EnumerateArray();

    public static IEnumerable<string> Strings(this JsonElement page, string member) => page.Items().Select(item => item.GetProperty(member).GetString()!);

    public static string? Next(this JsonElement page) => page.GetProperty("next").GetString();

    /// <summary>A 400 that names exactly these parameters.</summary>
    public static async Task ShouldRefuseAsync(this HttpClient client, string path, params string[] parameters)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var json = JsonDocument.Parse(text);
        json.RootElement.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(parameters, ignoreOrder: true);
    }
}
