using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary>Errors in the shape of Twilio's API: <c>{"code", "message", "more_info", "status"}</c>.</summary>
internal static class TwilioErrors
{
    public static IResult Authenticate() => Of(StatusCodes.Status401Unauthorized, 20003, "Authenticate");

    public static IResult NotFound(HttpContext http) => Of(StatusCodes.Status404NotFound, 20404, $"The requested resource {http.Request.Path} was not found");

    public static IResult BadRequest(int code, string message) => Of(StatusCodes.Status400BadRequest, code, message);

    /// <summary>An error that a fault asks for.</summary>
    public static Task WriteAsync(HttpContext http, int status) => (status switch
    {
        401 => Authenticate(),
        404 => NotFound(http),
        429 => Of(status, 20429, "Too Many Requests"),
        _ => Of(status, 20000 + status, ReasonPhrases.GetReasonPhrase(status)),
    }).ExecuteAsync(http);

    private static IResult Of(int status, int code, string message) => Results.Json(
        new JsonObject
        {
            ["code"] = code,
            ["message"] = message,
            ["more_info"] = "https://www.twilio.com/docs/errors/" + code.ToString(CultureInfo.InvariantCulture),
            ["status"] = status,
        },
        (JsonSerializerOptions?)null,
        statusCode: status);
}
