using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary><c>/Calls</c>: create, fetch, and change of a live call.</summary>
internal sealed class TwilioCallEndpoints(TwilioAccount account, TimeProvider time)
{
    private const int LongestTwiml = 4000;

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/Calls.json", (Delegate)CreateAsync);
        api.MapGet("/Calls/{sid}.json", (HttpContext http, string sid) => account.FindCall(sid) is { } call ? Json(call.ToJson()) : TwilioErrors.NotFound(http));
        api.MapPost("/Calls/{sid}.json", UpdateAsync);
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (Text(form, "To") is not { } to)
        {
            return TwilioErrors.BadRequest(21201, "No 'To' number is specified");
        }

        if (Text(form, "From") is not { } from)
        {
            return TwilioErrors.BadRequest(21213, "No 'From' number is specified");
        }

        if (account.Numbers.All(number => number.Number != from))
        {
            return TwilioErrors.BadRequest(21210, $"The source phone number provided, {from}, is not yet verified for your account.");
        }

        if (Text(form, "Url") is null && Text(form, "Twiml") is null && Text(form, "ApplicationSid") is null)
        {
            return TwilioErrors.BadRequest(21205, "Url parameter is required.");
        }

        if (CheckInstructions(form) is { } refused)
        {
            return refused;
        }

        var call = account.CreateCall(from, to, Redirect(form), form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal));
        return Results.Json(call.ToJson(), (JsonSerializerOptions?)null, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> UpdateAsync(HttpContext http, string sid)
    {
        if (account.FindCall(sid) is not { } call)
        {
            return TwilioErrors.NotFound(http);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var status = Text(form, "Status");
        if (status is not (null or "canceled" or "completed"))
        {
            return TwilioErrors.BadRequest(20001, "Status must be canceled or completed");
        }

        if (call.IsOver)
        {
            return TwilioErrors.BadRequest(21220, status is null ? "Call is not in-progress. Cannot redirect." : "Call is not in-progress. Cannot change its status.");
        }

        if (CheckInstructions(form) is { } refused)
        {
            return refused;
        }

        account.Change(now => Apply(call, form, status, now));
        return Json(call.ToJson());
    }

    private void Apply(TwilioCall call, IFormCollection form, string? status, DateTimeOffset now)
    {
        call.UpdatedAt = now;
        // Canceling reaches only calls that nobody has answered; one that is talked in goes on.
        if (status == "completed" || (status == "canceled" && call.Status is "queued" or "ringing"))
        {
            call.End(call.Status is "queued" or "ringing" ? "canceled" : "completed", now);
        }
        else if (status is null && (Text(form, "Url") ?? Text(form, "Twiml")) is not null)
        {
            call.Redirect(Redirect(form));
        }
    }

    private static IResult? CheckInstructions(IFormCollection form)
    {
        if (Text(form, "Url") is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            return TwilioErrors.BadRequest(21205, $"Url is not a valid URL: {url}");
        }

        return Text(form, "Url") is null && Text(form, "Twiml") is { Length: > LongestTwiml } ? TwilioErrors.BadRequest(20001, $"Twiml must have at most {LongestTwiml} characters") : null;
    }

    // With both, the address wins.
    private TwilioRedirect Redirect(IFormCollection form) =>
        Text(form, "Url") is { } url ? new(url, Text(form, "Method") ?? "POST", null, time.GetUtcNow()) : new(null, null, Text(form, "Twiml"), time.GetUtcNow());

    private static string? Text(IFormCollection form, string name) => form.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } text ? text : null;

    private static IResult Json(JsonNode body) => Results.Json(body, (JsonSerializerOptions?)null);
}
