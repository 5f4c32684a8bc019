using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>Errors of HTTP as ElevenLabs answers them: <c>{"detail": {"status", "message"}}</c>.</summary>
internal static class ElevenLabsErrors
{
    public static Task InvalidKeyAsync(HttpContext http) => WriteAsync(http, 401, "invalid_api_key", "Invalid API key");

    public static Task BadRequestAsync(HttpContext http, string status, string message) => WriteAsync(http, 400, status, message);

    /// <summary>422: <c>detail</c> is an array.</summary>
    public static Task MissingFieldAsync(HttpContext http, string field)
    {
        http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return http.Response.WriteAsJsonAsync(
            new { detail = new[] { new { loc = new[] { "body", field }, msg = "field required", type = "value_error.missing" } } }, http.RequestAborted);
    }

    /// <summary>An error that a fault asks for, or that has no other form.</summary>
    public static Task WriteAsync(HttpContext http, int status) => status switch
    {
        401 => InvalidKeyAsync(http),
        404 => WriteAsync(http, status, "not_found", "Not Found"),
        429 => WriteAsync(http, status, "too_many_concurrent_requests", "Too many concurrent requests. Your plan's limit was exceeded."),
        503 => WriteAsync(http, status, "system_busy", "The system is experiencing heavy traffic, please try again."),
        _ => WriteAsync(http, status, "error", "The request could not be served."),
    };

    private static Task WriteAsync(HttpContext http, int code, string status, string message)
    {
        http.Response.StatusCode = code;
        return http.Response.WriteAsJsonAsync(new { detail = new { status, message } }, http.RequestAborted);
    }
}
