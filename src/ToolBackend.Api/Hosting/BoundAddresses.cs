namespace ToolBackend.Api.Hosting;

/// <summary>Where the configuration makes the server listen, known before it does.</summary>
public static class BoundAddresses
{
    /// <summary>ASP.NET Core's own default when nothing is configured.</summary>
    private const string Default = "http://localhost:5000";

    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        List<string> addresses =
        [
            .. Split(configuration["urls"]),
            .. Split(configuration["http_ports"]).Select(p => $"http://*:{p}"),
            .. Split(configuration["https_ports"]).Select(p => $"https://*:{p}"),
            .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>(),
        ];
        return addresses.Count > 0 ? addresses : [Default];
    }

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
