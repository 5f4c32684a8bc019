using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using static ToolBackend.LocalStack.Simulators.Language.Wire.JsonText;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

/// <summary>An error as one vendor writes it.</summary>
internal readonly record struct VendorError(int Status, string Body)
{
    public Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(Body, http.RequestAborted);
    }
}

/// <summary>Errors in each vendor's words.</summary>
internal static class VendorErrors
{
    private const string GroqLimit =
        "Rate limit reached for model `openai/gpt-oss-120b` in organization `org_sim` service tier `on_demand` on tokens per minute (TPM): Limit 8000, Used 7900, Requested 644. Please try again in 4.08s.";

    /// <summary>After 200.</summary>
    public const string ToolUseFailedEvent =
        """{"error":{"message":"Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<function=book_appointment{\"service\""}}""";

    /// <summary>After 200.</summary>
    public const string ServerErrorEvent = """{"error":{"message":"Internal server error","type":"server_error","code":"internal_error"}}""";

    public static VendorError ToolUseFailed { get; } = new(400, ToolUseFailedEvent);

    public static VendorError BadRequest(SimulatedVendor vendor, string message, string? param = null) => Of(vendor, 400, message, "invalid_request_error", null, param);

    public static VendorError UnknownModel(SimulatedVendor vendor, string model) => vendor switch
    {
        SimulatedVendor.Groq => Of(vendor, 404, $"The model `{model}` does not exist or you do not have access to it.", "invalid_request_error", "model_not_found"),
        SimulatedVendor.Together => Of(vendor, 404, $"Unable to access model {model}. Please visit https://api.together.ai/models to view the list of supported models.", "invalid_request_error", "model_not_available"),
        _ => new VendorError(404, """{"error":{"message":"Model not found, inaccessible, and/or not deployed","param":"model","code":"NOT_FOUND","object":"error","type":"invalid_request_error"}}"""),
    };

    public static VendorError Decommissioned(SimulatedVendor vendor, string model) =>
        Of(vendor, 400, $"The model `{model}` has been decommissioned and is no longer supported.", "invalid_request_error", "model_decommissioned");

    /// <summary>What a vendor says with a status.</summary>
    public static VendorError OfStatus(SimulatedVendor vendor, int status) => (vendor, status) switch
    {
        (_, 401) => Of(vendor, status, "Invalid API Key", "invalid_request_error", "invalid_api_key"),
        (_, 402) => Of(vendor, status, "You have reached your spending limit.", "billing_error", "spending_limit"),
        (SimulatedVendor.Together, 403) => Of(vendor, status, "The input is too long for this model.", "invalid_request_error", "input_too_long"),
        (_, 403) => Of(vendor, status, "Organization has been restricted.", "invalid_request_error", "organization_restricted"),
        (SimulatedVendor.Fireworks, 412) => Of(vendor, status, "Account is suspended.", "precondition_failed", "PRECONDITION_FAILED"),
        (SimulatedVendor.Groq, 413) => Of(vendor, status, "Request too large for model in organization `org_sim` service tier `on_demand` on tokens per minute (TPM): Limit 8000, Requested 66536.", "tokens", "rate_limit_exceeded"),
        (SimulatedVendor.Fireworks, 422) => new VendorError(status, """{"detail":[{"loc":["body","messages"],"msg":"field required","type":"value_error.missing"}]}"""),
        (SimulatedVendor.Groq, 429) => Of(vendor, status, GroqLimit, "tokens", "rate_limit_exceeded"),
        (SimulatedVendor.Together, 429) => Of(vendor, status, "You have reached the rate limit of this model.", "dynamic_request_limited", null),
        (SimulatedVendor.Groq, 498) => Of(vendor, status, "Flex tier capacity exceeded, please try again later.", "server_error", "capacity_exceeded"),
        (SimulatedVendor.Fireworks, 503) => Of(vendor, status, "The deployment is scaling up.", "server_error", "DEPLOYMENT_SCALING_UP"),
        _ => Of(vendor, status, ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } words ? words : "Service overloaded", status >= 500 ? "server_error" : "invalid_request_error", null),
    };

    private static VendorError Of(SimulatedVendor vendor, int status, string message, string type, string? code, string? param = null)
    {
        var rest = (vendor, code) switch
        {
            (SimulatedVendor.Groq, null) => param is null ? "" : $",\"param\":{Quote(param)}",
            (SimulatedVendor.Groq, _) => $",\"code\":{Quote(code)}",
            _ => $",\"param\":{(param is null ? "null" : Quote(param))},\"code\":{(code is null ? "null" : Quote(code))}",
        };
        return new VendorError(status, $$$"""{"error":{"message":{{{Quote(message)}}},"type":{{{Quote(type)}}}{{{rest}}}}}""");
    }
}
