using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>Errors as Deepgram answers them: <c>{"err_code", "err_msg", "request_id"}</c>, the text also as header <c>dg-error</c>.</summary>
internal static class DeepgramErrors
{
    public const string RequestIdHeader = "dg-request-id";

    public static Task BadRequestAsync(HttpContext http, string message) => WriteAsync(http, 400, "Bad Request", "Bad Request: " + message);

    public static Task InvalidKeyAsync(HttpContext http) => WriteAsync(http, 401, "INVALID_AUTH", "Invalid credentials.");

    public static Task UnknownModelAsync(HttpContext http) =>
        WriteAsync(http, 403, "INSUFFICIENT_PERMISSIONS", "Project does not have access to the requested model.");

    /// <summary>An error that a fault asks for, or that has no other form.</summary>
    public static Task WriteAsync(HttpContext http, int status) => status switch
    {
        401 => InvalidKeyAsync(http),
        403 => UnknownModelAsync(http),
        429 => WriteAsync(http, status, "TOO_MANY_REQUESTS", "Too many requests. Please try again later."),
        _ => WriteAsync(http, status, $"HTTP_{status}", "The request could not be served."),
    };

    private static Task WriteAsync(HttpContext http, int status, string code, string message)
    {
        var id = RequestId(http);
        http.Response.StatusCode = status;
        http.Response.Headers["dg-error"] = message;
        return http.Response.WriteAsJsonAsync(new Dictionary<string, string> { ["err_code"] = code, ["err_msg"] = message, ["request_id"] = id }, AdminJson.Options, http.RequestAborted);
    }

    /// <summary>The request's id; set on every answer.</summary>
    public static string RequestId(HttpContext http)
    {
        if (http.Response.Headers[RequestIdHeader] is [{ } known])
        {
            return known;
        }

        var id = Guid.NewGuid().ToString();
        http.Response.Headers[RequestIdHeader] = id;
        return id;
    }
}
