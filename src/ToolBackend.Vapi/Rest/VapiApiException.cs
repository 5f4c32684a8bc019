namespace ToolBackend.Vapi.Rest;

/// <summary>What went wrong at Vapi's REST API, by what a caller can do about it.</summary>
public enum VapiFailure
{
    /// <summary>401 or 403: the key is missing, public, of another region or not allowed to do this.</summary>
    Auth,

    /// <summary>404: no such object in this organisation.</summary>
    NotFound,

    /// <summary>400 and other refusals of the request itself: <see cref="VapiApiException.Messages"/> say why.</summary>
    Rejected,

    /// <summary>409: another object still refers to this one.</summary>
    Conflict,

    /// <summary>429, or too many requests wait here already.</summary>
    RateLimited,

    /// <summary>5xx, a gateway's page, no connection, or no answer inside the deadline.</summary>
    Unavailable,

    /// <summary>An answer of success that is not the JSON it should be, is too large, or a list that cannot be read in full.</summary>
    Unreadable,
}

/// <summary>
/// A request to Vapi's REST API failed. The message names method, path, status and what Vapi said; it never holds the key, the request's body or a secret of it.
/// </summary>
public sealed class VapiApiException : Exception, IRestFailure
{
    public VapiApiException(VapiFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public VapiFailure Failure { get; }

    /// <summary>HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Vapi's own sentences, at most 50 of 500 characters. Empty when it gave none.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>Vapi's short code of the failure, such as <c>assistant_pinned</c> or <c>Bad Request</c>; null when it gave none.</summary>
    public string? Error { get; init; }

    /// <summary>How long Vapi asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <summary>True when a write may have been done although it failed here: no answer came, or a gateway's, or one that cannot be read.</summary>
    public bool OutcomeIsUnknown { get; internal set; }

    /// <summary>True for failures that may pass: 429, 502, 503, 504 and no answer at all.</summary>
    internal bool MayPass { get; init; }

    bool IRestFailure.MayPass => MayPass;
}
