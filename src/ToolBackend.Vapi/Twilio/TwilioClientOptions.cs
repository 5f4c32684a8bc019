using System.Diagnostics;
using System.Text.RegularExpressions;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Twilio;

/// <summary>Where Twilio's REST API is, which account is meant and how gently it is used, bound from <c>Vendors:Twilio</c>.</summary>
public sealed partial class TwilioClientOptions
{
    public const string SectionName = "Vendors:Twilio";

    /// <summary>Base address without a path. Default <c>https://api.twilio.com</c>; a regional one is <c>https://api.EDGE.REGION.twilio.com</c>. http is accepted for loopback only.</summary>
    public string BaseUrl { get; set; } = "https://api.twilio.com";

    /// <summary>The account: AC and 32 hexadecimal digits. Required.</summary>
    public string? AccountSid { get; set; }

    /// <summary>The account's auth token. Required unless an API key is set, which then wins.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? AuthToken { get; set; }

    /// <summary>An API key instead of the token: its SK... Default none.</summary>
    public string? ApiKeySid { get; set; }

    /// <summary>The API key's secret. Required with <see cref="ApiKeySid"/>.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ApiKeySecret { get; set; }

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

    /// <summary>Requests that may wait for an answer at once: Twilio's limit is one of concurrency. Default 2, 1 to 64.</summary>
    public int MaxInFlight { get; set; } = 2;

    /// <summary>Requests that may wait for their turn; one more fails as rate limited. Default 1000, 0 to 100,000.</summary>
    public int MaxWaiting { get; set; } = 1000;

    /// <summary>Largest answer that is read, in bytes. A page of 1000 numbers has about 2 MB. Default 16 MiB, 1 kB to 2 GB.</summary>
    public int MaxAnswerBytes { get; set; } = 16 * 1024 * 1024;

    internal string User => UsesApiKey ? ApiKeySid! : AccountSid!;

    internal string Password => UsesApiKey ? ApiKeySecret! : AuthToken!;

    private bool UsesApiKey => !string.IsNullOrEmpty(ApiKeySid) || !string.IsNullOrEmpty(ApiKeySecret);

    /// <summary>Errors of this configuration, empty when it can be used. A text names the setting and the rule, never a value.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (VendorAddress.Problem(BaseUrl) is { } problem)
        {
            errors.Add($"{SectionName}:{nameof(BaseUrl)} {problem}.");
        }

        Check(errors, AccountSid is not null && Account().IsMatch(AccountSid), nameof(AccountSid), "must be AC and 32 hexadecimal digits");
        if (UsesApiKey)
        {
            Check(errors, IsSendable(ApiKeySid) && !ApiKeySid!.Contains(':', StringComparison.Ordinal), nameof(ApiKeySid), "must be the SK... of an API key");
            Check(errors, IsSendable(ApiKeySecret), nameof(ApiKeySecret), "must be the secret of the API key, without spaces or letters beyond ASCII");
        }
        else
        {
            Check(errors, IsSendable(AuthToken), nameof(AuthToken), "must be the account's auth token, without spaces or letters beyond ASCII");
        }

        Check(errors, AttemptTimeout >= TimeSpan.FromMilliseconds(100) && AttemptTimeout <= TimeSpan.FromMinutes(5), nameof(AttemptTimeout), "must be 00:00:00.1 to 00:05:00");
        Check(errors, TotalTimeout >= AttemptTimeout && TotalTimeout <= TimeSpan.FromHours(1), nameof(TotalTimeout), $"must be {nameof(AttemptTimeout)} to 01:00:00");
        Check(errors, MaxAttempts is >= 1 and <= 10, nameof(MaxAttempts), "must be 1 to 10");
        Check(errors, RetryDelay > TimeSpan.Zero && RetryDelay <= MaxRetryDelay, nameof(RetryDelay), $"must be above zero and at most {nameof(MaxRetryDelay)}");
        Check(errors, MaxRetryDelay <= TimeSpan.FromMinutes(10), nameof(MaxRetryDelay), "must be at most 00:10:00");
        Check(errors, MaxInFlight is >= 1 and <= 64, nameof(MaxInFlight), "must be 1 to 64");
        Check(errors, MaxWaiting is >= 0 and <= 100_000, nameof(MaxWaiting), "must be 0 to 100000");
        Check(errors, MaxAnswerBytes >= 1000, nameof(MaxAnswerBytes), "must be at least 1000");
        return errors;
    }

    private static bool IsSendable(string? text) => !string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static void Check(List<string> errors, bool holds, string name, string rule)
    {
        if (!holds)
        {
            errors.Add($"{SectionName}:{name} {rule}.");
        }
    }

    [GeneratedRegex("^AC[0-9a-fA-F]{32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Account();
}
