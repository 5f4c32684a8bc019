using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Twilio;

/// <summary>What went wrong at Twilio's REST API, by what a caller can do about it.</summary>
public enum TwilioFailure
{
    /// <summary>401 or 403: account, token or API key are wrong, or may not do this.</summary>
    Auth,

    /// <summary>404: no such object in this account.</summary>
    NotFound,

    /// <summary>400 and other refusals of the request itself: <see cref="TwilioApiException.Code"/> and the message say why.</summary>
    Rejected,

    /// <summary>429, or too many requests wait here already.</summary>
    RateLimited,

    /// <summary>5xx, a gateway's page, no connection, or no answer inside the deadline.</summary>
    Unavailable,

    /// <summary>An answer of success that is not the JSON it should be, is too large, or a list that cannot be read in full.</summary>
    Unreadable,
}

/// <summary>
/// A request to Twilio's REST API failed. The message names method, path, status and what Twilio said; it never holds the token or the request's body.
/// </summary>
public sealed class TwilioApiException : Exception, IRestFailure
{
    public TwilioApiException(TwilioFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public TwilioFailure Failure { get; }

    /// <summary>HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Twilio's number of the error, such as 20404 (<c>https://www.twilio.com/docs/errors/20404</c>); null when it gave none.</summary>
    public int? Code { get; init; }

    /// <summary>How long Twilio asked to wait; null when it did not say, as it mostly does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <summary>True when a change may have been made although it failed here: no answer came, or a 5xx, or one that cannot be read.</summary>
    public bool OutcomeIsUnknown { get; internal init; }

    /// <summary>True for failures that may pass: 429, 5xx and no answer at all.</summary>
    internal bool MayPass { get; init; }

    bool IRestFailure.MayPass => MayPass;
}
