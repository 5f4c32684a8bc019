using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Model;

/// <summary>Lenient readings that several models share.</summary>
internal static class Read
{
    /// <summary>Longest time that is believed.</summary>
    private const double MostSeconds = 43_200;

    public static TimeSpan Seconds(JsonNode body, string path, double otherwise) => TimeSpan.FromSeconds(Math.Clamp(body.NumberAt(path) ?? otherwise, 0, MostSeconds));

    public static IReadOnlyList<string> Texts(JsonNode body, string path) => [.. body.TextsAt(path).Select(t => t.Text)];
}
