using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary><c>/assistant</c>, <c>/tool</c>, <c>/squad</c>, <c>/phone-number</c>, <c>/credential</c>, <c>/structured-output</c>, and <c>/v2/phone-number</c>.</summary>
internal sealed class ResourceEndpoints(VapiSimulator simulator)
{
    public void Map(RouteGroupBuilder api)
    {
        foreach (var kind in ResourceKind.All)
        {
            api.MapGet("/" + kind.Path, (HttpContext http) => List(http, kind, simulator.Options.PagedLists.Contains(kind.Path)));
            api.MapPost("/" + kind.Path, (Delegate)((HttpContext http) => CreateAsync(http, kind)));
            api.MapGet($"/{kind.Path}/{{id}}", (string id) => simulator.Resources.Find(kind.Path, id) is { } found ? Json(found) : NestErrors.NotFound(kind.Noun, id));
            api.MapPatch($"/{kind.Path}/{{id}}", (HttpContext http, string id) => PatchAsync(http, kind, id));
            api.MapDelete($"/{kind.Path}/{{id}}", (string id) => Delete(kind, id));
        }

        api.MapGet("/v2/phone-number", (HttpContext http) => List(http, ResourceKind.Of("phone-number"), isPaged: true));
    }

    private IResult List(HttpContext http, ResourceKind kind, bool isPaged)
    {
        var query = ListQuery.Read(http.Request.Query, kind.Filters, isPaged, out var errors);
        if (errors.Count > 0)
        {
            return NestErrors.Invalid(errors);
        }

        var items = new JsonArray([.. simulator.Resources.List(kind, query, isPaged, out var total)]);
        return isPaged ? Json(new JsonObject { ["results"] = items, ["metadata"] = Metadata(query, total) }) : Json(items);
    }

    private static JsonObject Metadata(ListQuery query, int total)
    {
        var pages = query.Limit == 0 ? 0 : (total + query.Limit - 1) / query.Limit;
        return new JsonObject
        {
            ["itemsPerPage"] = query.Limit,
            ["totalItems"] = total,
            ["currentPage"] = query.Page,
            ["totalPages"] = pages,
            ["hasNextPage"] = query.Page < pages,
            ["sortOrder"] = query.Ascending ? "ASC" : "DESC",
        };
    }

    private async Task<IResult> CreateAsync(HttpContext http, ResourceKind kind)
    {
        if (await CallEndpoints.ReadObjectAsync(http) is not { } body)
        {
            return NestErrors.BadRequest("Unexpected token in JSON");
        }

        if (kind.CheckCreate(body) is { Count: > 0 } rules)
        {
            return NestErrors.Invalid(rules);
        }

        if (kind.Path == "phone-number" && SameNumber(body) is { } twin)
        {
            return NestErrors.BadRequest($"Existing Phone Number {twin} Has Identical `number` {ResourceShaping.Text(body, "number")}.");
        }

        var made = simulator.Resources.Create(kind, body);
        TakeOverNumber(kind, made);
        return Results.Json(made, (JsonSerializerOptions?)null, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> PatchAsync(HttpContext http, ResourceKind kind, string id)
    {
        if (await CallEndpoints.ReadObjectAsync(http) is not { } body)
        {
            return NestErrors.BadRequest("Unexpected token in JSON");
        }

        if (kind.Path == "structured-output" && http.Request.Query["schemaOverride"] != "true")
        {
            return NestErrors.Invalid(["schemaOverride must be a boolean string"]);
        }

        if (simulator.Resources.Find(kind.Path, id) is not { } current)
        {
            return NestErrors.NotFound(kind.Noun, id);
        }

        if (kind.CheckPatch(body, current) is { Count: > 0 } rules)
        {
            return NestErrors.Invalid(rules);
        }

        if (simulator.Resources.Patch(kind, id, body) is not { } changed)
        {
            return NestErrors.NotFound(kind.Noun, id);
        }

        TakeOverNumber(kind, changed);
        return Json(changed);
    }

    private IResult Delete(ResourceKind kind, string id)
    {
        if (simulator.Resources.PinnedBy(kind, id) is { } holder)
        {
            return NestErrors.Conflict(kind.Path + "_pinned", $"The {kind.Noun} cannot be deleted: {holder} pins a version of it.");
        }

        return simulator.Resources.Find(kind.Path, id) is { } found && simulator.Resources.Delete(kind, id) ? Json(found) : NestErrors.NotFound(kind.Noun, id);
    }

    private string? SameNumber(JsonObject body) => ResourceShaping.Text(body, "number") is { } number
        ? simulator.Resources.All("phone-number").Where(other => ResourceShaping.Text(other, "number") == number).Select(other => ResourceShaping.Text(other, "id")).FirstOrDefault()
        : null;

    // Saving a Twilio number makes Vapi write its own addresses into it at Twilio; the fallback address it leaves alone.
    private void TakeOverNumber(ResourceKind kind, JsonObject saved)
    {
        if (kind.Path == "phone-number" && ResourceShaping.Text(saved, "provider") == "twilio" && ResourceShaping.Text(saved, "number") is { } number)
        {
            simulator.Options.OnTwilioNumberSaved?.Invoke(number);
        }
    }

    private static IResult Json(JsonNode body) => Results.Json(body, (JsonSerializerOptions?)null);
}
