namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>Where an organisation's server messages go, as an assistant's <c>server</c> says it.</summary>
public sealed record WebhookTarget(Uri Url)
{
    /// <summary>How the message proves where it comes from. Default: not at all.</summary>
    public WebhookCredential Credential { get; init; } = WebhookCredential.None;

    /// <summary><c>timeoutSeconds</c>. Default 20 s; <c>assistant-request</c> has 7.5 s whatever this says.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Null: nothing is sent twice.</summary>
    public BackoffPlan? Backoff { get; init; }

    /// <summary>Static headers; an Authorization here replaces the credential's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

public enum BackoffType
{
    Fixed,
    Exponential,
}

/// <summary>Vapi's <c>backoffPlan</c>: any answer but 2xx, no answer and a late one are tried again, unless excluded.</summary>
public sealed record BackoffPlan
{
    public BackoffType Type { get; init; }

    /// <summary>0 to 10.</summary>
    public int MaxRetries
    {
        get;
        init => field = value is >= 0 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "maxRetries is 0 to 10.");
    }

    /// <summary>0 to 10.</summary>
    public double BaseDelaySeconds
    {
        get;
        init => field = value is >= 0 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "baseDelaySeconds is 0 to 10.");
    }

    public IReadOnlyList<int> ExcludedStatusCodes { get; init; } = [];

    /// <summary>The wait before retry <paramref name="retry"/> (from 1), or null when the attempt that ended with <paramref name="status"/> is the last.</summary>
    /// <param name="status">HTTP status; null: no answer, or none in time.</param>
    public TimeSpan? DelayBefore(int retry, int? status) =>
        status is >= 200 and < 300 || retry > MaxRetries || (status is { } code && ExcludedStatusCodes.Contains(code)) ? null
        : TimeSpan.FromSeconds(Type == BackoffType.Fixed ? BaseDelaySeconds : BaseDelaySeconds * Math.Pow(2, retry - 1));
}
