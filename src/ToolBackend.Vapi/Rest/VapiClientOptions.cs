using System.Diagnostics;

namespace ToolBackend.Vapi.Rest;

/// <summary>Where Vapi's REST API is and how gently it is used, bound from <c>Vendors:Vapi</c>.</summary>
public sealed class VapiClientOptions
{
    public const string SectionName = "Vendors:Vapi";

    /// <summary>Base address without a path. Default <c>https://api.vapi.ai</c>; the EU is <c>https://api.eu.vapi.ai</c>. http is accepted for loopback only.</summary>
    public string BaseUrl { get; set; } = "https://api.vapi.ai";

    /// <summary>The organisation's private key. Required; a public key is answered 401.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ApiKey { get; set; }

    /// <summary>Longest wait for the answer to one attempt, body included. Default 10 s, 100 ms to 5 min.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for one request with all its attempts and waits. Default 90 s, at least <see cref="AttemptTimeout"/>, at most 1 h.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Attempts of one request, the first included. Default 5, 1 to 10.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>First wait between attempts; it doubles, with jitter. Default 500 ms, above 0, at most <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait between attempts. A Retry-After beyond it ends the request at once. Default 30 s, at most 10 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts per second, all requests together; Vapi does not publish its limit. Default 2, above 0 to 1000.</summary>
    public double RequestsPerSecond { get; set; } = 2;

    /// <summary>Attempts that may wait for an answer at once. Default 2, 1 to 64.</summary>
    public int MaxInFlight { get; set; } = 2;

    /// <summary>Requests that may wait for their turn; one more fails as rate limited. Default 1000, 0 to 100,000.</summary>
    public int MaxWaiting { get; set; } = 1000;

    /// <summary>Largest answer that is read, in bytes. A list of 1000 assistants may have 100 MB. Default 256 MiB, 1 kB to 2 GB.</summary>
    public int MaxAnswerBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Errors of this configuration, empty when it can be used. A text names the setting and the rule, never the key.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (VendorAddress.Problem(BaseUrl) is { } problem)
        {
            errors.Add($"{SectionName}:{nameof(BaseUrl)} {problem}.");
        }

        if (string.IsNullOrWhiteSpace(ApiKey))
        {
            errors.Add($"{SectionName}:{nameof(ApiKey)} must be set to a private key of the organisation.");
        }
        else if (ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            errors.Add($"{SectionName}:{nameof(ApiKey)} must have no spaces, line breaks or letters beyond ASCII.");
        }

        Check(errors, AttemptTimeout >= TimeSpan.FromMilliseconds(100) && AttemptTimeout <= TimeSpan.FromMinutes(5), nameof(AttemptTimeout), "must be 00:00:00.1 to 00:05:00");
        Check(errors, TotalTimeout >= AttemptTimeout && TotalTimeout <= TimeSpan.FromHours(1), nameof(TotalTimeout), $"must be {nameof(AttemptTimeout)} to 01:00:00");
        Check(errors, MaxAttempts is >= 1 and <= 10, nameof(MaxAttempts), "must be 1 to 10");
        Check(errors, RetryDelay > TimeSpan.Zero && RetryDelay <= MaxRetryDelay, nameof(RetryDelay), $"must be above zero and at most {nameof(MaxRetryDelay)}");
        Check(errors, MaxRetryDelay <= TimeSpan.FromMinutes(10), nameof(MaxRetryDelay), "must be at most 00:10:00");
        Check(errors, RequestsPerSecond is > 0 and <= 1000, nameof(RequestsPerSecond), "must be above 0 and at most 1000");
        Check(errors, MaxInFlight is >= 1 and <= 64, nameof(MaxInFlight), "must be 1 to 64");
        Check(errors, MaxWaiting is >= 0 and <= 100_000, nameof(MaxWaiting), "must be 0 to 100000");
        Check(errors, MaxAnswerBytes >= 1000, nameof(MaxAnswerBytes), "must be at least 1000");
        return errors;
    }

    private static void Check(List<string> errors, bool holds, string name, string rule)
    {
        if (!holds)
        {
            errors.Add($"{SectionName}:{name} {rule}.");
        }
    }
}
