using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ToolBackend.LocalStack.Simulators.Vapi;

/// <summary>Errors in the shape of Vapi's API: <c>{"message": string or array, "error": string, "statusCode": number}</c>.</summary>
internal static class NestErrors
{
    public const string InvalidKey = "Invalid Key. Hot tip, you may be using the private key instead of the public key, or vice versa.";

    /// <summary>400 with one sentence per broken rule: validation answers with an array.</summary>
    public static IResult Invalid(IEnumerable<string> rules) => Of(StatusCodes.Status400BadRequest, new JsonArray([.. rules.Select(rule => JsonValue.Create(rule))]));

    public static IResult BadRequest(string message) => Of(StatusCodes.Status400BadRequest, JsonValue.Create(message));

    public static IResult NotFound(string what, string id) => Of(StatusCodes.Status404NotFound, JsonValue.Create($"Couldn't find {what} with id: {id}"));

    public static IResult Unauthorized() => Of(StatusCodes.Status401Unauthorized, JsonValue.Create(InvalidKey));

    public static IResult NoSuchRoute(HttpContext context) =>
        Of(StatusCodes.Status404NotFound, JsonValue.Create($"Cannot {context.Request.Method} {context.Request.Path}"));

    public static Task WriteAsync(HttpContext context, int status) => Of(status, JsonValue.Create(ReasonPhrases.GetReasonPhrase(status))).ExecuteAsync(context);

    /// <summary>409 as it is declared: an error code, no status inside.</summary>
    public static IResult Conflict(string code, string message) =>
        Results.Json(new JsonObject { ["error"] = code, ["message"] = message }, (JsonSerializerOptions?)null, statusCode: StatusCodes.Status409Conflict);

    private static IResult Of(int status, JsonNode? message) => Results.Json(
        new JsonObject { ["message"] = message, ["error"] = ReasonPhrases.GetReasonPhrase(status), ["statusCode"] = status }, (JsonSerializerOptions?)null, statusCode: status);
}
