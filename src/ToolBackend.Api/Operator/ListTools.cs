using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using ToolBackend.Core.Tools;

namespace ToolBackend.Api.Operator;

public sealed record ToolItem(
    string Name,
    [property: Description("What the model is told.")] string Description,
    [property: Description("read or write.")] string Effect,
    [property: Description("JSON schema of the arguments.")] JsonObject Parameters);

public sealed record ToolList(IReadOnlyList<ToolItem> Items);

/// <summary><c>GET /tools</c>: the catalog, by name. It is code, so there are no pages.</summary>
internal static class ListTools
{
    public static RouteHandlerBuilder MapListTools(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/tools", Handle)
        .WithName("listTools")
        .WithSummary("The tools that the assistant can call, with the JSON schemas of their arguments.");

    private static Ok<ToolList> Handle(ToolCatalog catalog) => TypedResults.Ok(new ToolList(
        [.. catalog.All.Select(t => new ToolItem(t.Name, t.Description, t.Effect is ToolEffect.Read ? "read" : "write", t.Schema))]));
}
