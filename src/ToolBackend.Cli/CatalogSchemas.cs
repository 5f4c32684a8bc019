using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core;
using ToolBackend.Core.Tools;

namespace ToolBackend.Cli;

/// <summary>Argument schemas of all tools that this version answers, by name: what definitions are held against.</summary>
internal static class CatalogSchemas
{
    public static IReadOnlyDictionary<string, JsonObject> Read()
    {
        // The catalog is wired as a host wires it; nothing is connected to before a tool runs.
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Postgres"] = "Host=localhost" })
            .Build();
        using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddToolBackendCore(configuration)
            .BuildServiceProvider();
        return services.GetRequiredService<ToolCatalog>().All.ToDictionary(tool => tool.Name, tool => tool.Schema, StringComparer.Ordinal);
    }
}
