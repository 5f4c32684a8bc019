using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>What a vendor's refusal means. Only its code is kept: its words may repeat what the caller said.</summary>
internal static class VendorFailure
{
    /// <summary>The model wrote a call that is none (Groq). Colder or without tools it may work.</summary>
    public const string ToolUseFailed = "tool_use_failed";

    /// <summary>The answer ended without a word and without a call; reasoning ate the tokens.</summary>
    public const string EmptyAnswer = "empty_answer";

    /// <summary>The model is gone or was never there: no request with it will succeed.</summary>
    public const string NoSuchModel = "no_such_model";

    private const int LongestCode = 64;

    /// <summary>An error that came instead of a stream.</summary>
    /// <param name="body">As much as was read; need not be JSON.</param>
    public static ProviderException OfStatus(ChatVendor vendor, int status, ReadOnlySpan<byte> body, HttpResponseHeaders headers)
    {
        var (type, code) = Read(body);
        var number = status.ToString(CultureInfo.InvariantCulture);
        var known = IsModelGone(status, code) ? NoSuchModel : code ?? number;
        return new ProviderException(vendor.Name, Fault(vendor, status), known)
        {
            RetryAfter = status is 429 or 503 ? Wait(vendor, headers, type) : null,
        };
    }

    /// <summary>An error inside a stream.</summary>
    /// <param name="code">May be a status.</param>
    public static ProviderException InStream(ChatVendor vendor, string? type, string? code)
    {
        var known = Plain(code) ?? Plain(type);
        var fault = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and < 600 ? Fault(vendor, status) : known switch
        {
            ToolUseFailed or "invalid_request_error" or "context_length_exceeded" or "json_validate_failed" => ProviderFault.Rejected,
            "invalid_api_key" => ProviderFault.Authentication,
            "rate_limit_exceeded" or "dynamic_request_limited" or "dynamic_token_limited" => ProviderFault.RateLimited,
            _ => ProviderFault.ServerError,
        };
        return new ProviderException(vendor.Name, fault, known ?? "error_in_stream");
    }

    private static ProviderFault Fault(ChatVendor vendor, int status) => status switch
    {
        401 => ProviderFault.Authentication,
        402 or 412 => ProviderFault.Quota,
        403 => vendor.ForbiddenMeansTooLong ? ProviderFault.Rejected : ProviderFault.Authentication,
        408 => ProviderFault.TimedOut,
        429 or 498 => ProviderFault.RateLimited, // 498: Groq's flex tier is full
        499 => ProviderFault.ServerError,
        >= 500 => ProviderFault.ServerError,
        >= 400 => ProviderFault.Rejected,
        _ => ProviderFault.Protocol,
    };

    private static bool IsModelGone(int status, string? code) => status == 404 || code is "model_decommissioned" or "model_not_found" or "model_not_available" or "NOT_FOUND";

    private static TimeSpan? Wait(ChatVendor vendor, HttpResponseHeaders headers, string? type)
    {
        if (headers.RetryAfter?.Delta is { } asked)
        {
            return asked;
        }

        if (vendor.ResetHeader is { } reset && Value(headers, reset) is { } seconds)
        {
            return double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 86_400 ? TimeSpan.FromSeconds(number) : null;
        }

        return Value(headers, type == "requests" ? "x-ratelimit-reset-requests" : "x-ratelimit-reset-tokens") is { } duration ? GoDuration.Parse(duration) : null;
    }

    private static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Type and code of <c>{"error":{...}}</c>; nulls for a web page, FastAPI's <c>{"detail":...}</c> and everything else.</summary>
    public static (string? Type, string? Code) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (!JsonElement.TryParseValue(ref json, out var element) || element is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
            {
                return (null, null);
            }

            return (Text(error, "type"), Text(error, "code") ?? Text(error, "type"));
        }
        catch (Exception invalid) when (invalid is JsonException or InvalidOperationException)
        {
            return (null, null); // a gateway's page, or cut off: the status says enough
        }
    }

    private static string? Text(JsonElement error, string name) => error.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.String => Plain(value.GetString()),
        JsonValueKind.Number => Plain(value.GetRawText()),
        _ => null,
    } : null;

    /// <summary>Codes go to logs and metrics: short, and of plain letters.</summary>
    private static string? Plain(string? code) =>
        code is { Length: > 0 and <= LongestCode } && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.') ? code : null;
}
