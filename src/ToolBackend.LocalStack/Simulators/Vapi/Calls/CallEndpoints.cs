using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary><c>/call</c> and the control URL of each call.</summary>
internal sealed class CallEndpoints(VapiSimulator simulator)
{
    private static readonly string[] s_creatable =
    [
        "assistantVersion", "transport", "customers", "name", "schedulePlan", "assistantId", "assistant", "assistantOverrides", "squadId", "squad", "squadOverrides",
        "workflowId", "workflow", "workflowOverrides", "phoneNumberId", "phoneNumber", "customerId", "customer", "metadata", "phoneCallProviderBypassEnabled",
    ];

    private static readonly string[] s_whoAnswers = ["assistantId", "assistant", "squadId", "squad", "workflowId", "workflow"];
    private static readonly string[] s_filters = ["id", "assistantId", "phoneNumberId"];

    public void Map(RouteGroupBuilder api, WebApplication app)
    {
        api.MapPost("/call", (Delegate)CreateAsync);
        api.MapGet("/call", List);
        api.MapGet("/call/{id}", (string id) => simulator.Calls.Find(id) is { } call ? Ok(call) : NestErrors.NotFound("call", id));
        api.MapPatch("/call/{id}", RenameAsync);
        api.MapDelete("/call/{id}", DeleteAsync);
        // No key: whoever has the address may speak in the call.
        app.MapPost("/{key}/control", ControlAsync);
    }

    private IResult List(HttpContext http)
    {
        var query = ListQuery.Read(http.Request.Query, s_filters, isPaged: false, out var errors);
        if (errors.Count > 0)
        {
            return NestErrors.Invalid(errors);
        }

        var calls = simulator.Calls.List(query.InRange, call => query.Filters.All(filter => ControlCommand.Text(call, filter.Key) == filter.Value), query.Limit);
        return Ok(new JsonArray([.. calls]));
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        if (await ReadObjectAsync(http) is not { } body)
        {
            return NestErrors.BadRequest("Unexpected token in JSON");
        }

        var errors = body.Where(member => !s_creatable.Contains(member.Key, StringComparer.Ordinal)).Select(member => $"property {member.Key} should not exist").ToList();
        if (ControlCommand.Text(body, "name") is { Length: > 40 })
        {
            errors.Add("name must be shorter than or equal to 40 characters");
        }

        if (!s_whoAnswers.Any(body.ContainsKey))
        {
            errors.Add("Need Either `assistant`, `assistantId`, `squad`, `squadId`, `workflow` Or `workflowId`");
        }

        return errors.Count > 0 ? NestErrors.Invalid(errors) : Results.Json(simulator.CreateCall(body), (JsonSerializerOptions?)null, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> RenameAsync(HttpContext http, string id)
    {
        var body = await ReadObjectAsync(http) ?? [];
        var unknown = body.Select(member => member.Key).Where(name => name != "name").Select(name => $"property {name} should not exist").ToArray();
        if (unknown.Length > 0)
        {
            return NestErrors.Invalid(unknown);
        }

        return simulator.Calls.Update(id, created => created["name"] = body["name"]?.DeepClone()) ? Ok(simulator.Calls.Find(id)!) : NestErrors.NotFound("call", id);
    }

    /// <summary>Deletes the call's data; a body may name more of them.</summary>
    private async Task<IResult> DeleteAsync(HttpContext http, string id)
    {
        if (simulator.Calls.Find(id) is not { } call)
        {
            return NestErrors.NotFound("call", id);
        }

        simulator.Calls.Delete(id);
        foreach (var other in (await ReadObjectAsync(http))?["ids"] as JsonArray ?? [])
        {
            simulator.Calls.Delete(other!.GetValue<string>());
        }

        return Ok(call);
    }

    private async Task<IResult> ControlAsync(HttpContext http, string key)
    {
        const string prefix = ScriptSecrets.ControlKey + "-";
        if (!key.StartsWith(prefix, StringComparison.Ordinal) || !simulator.Calls.IsLive(key[prefix.Length..]))
        {
            return NestErrors.NotFound("call", key.Replace(prefix, string.Empty, StringComparison.Ordinal));
        }

        if (simulator.Options.ControlToken is { } token && http.Request.Headers.Authorization.ToString() != "Bearer " + token)
        {
            return NestErrors.Unauthorized();
        }

        if (await ReadObjectAsync(http) is not { } body)
        {
            return NestErrors.BadRequest("Unexpected token in JSON");
        }

        if (ControlCommand.Check(body) is { } rule)
        {
            return NestErrors.Invalid([rule]);
        }

        simulator.TakeCommand(new ControlCommand(key[prefix.Length..], ControlCommand.Text(body, "type")!, body, simulator.Time.GetUtcNow()));
        return Ok([]);
    }

    private static IResult Ok(JsonNode body) => Results.Json(body, (JsonSerializerOptions?)null);

    private static IResult Ok(JsonObject body) => Ok((JsonNode)body);

    internal static async Task<JsonObject?> ReadObjectAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
