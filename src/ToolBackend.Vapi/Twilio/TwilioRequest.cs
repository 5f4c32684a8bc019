using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Twilio;

/// <summary>One request with what is known of its attempts so far.</summary>
/// <param name="target">Path and query, without a slash in front.</param>
/// <param name="form">Null for a request without a body.</param>
internal sealed class TwilioRequest(HttpMethod method, string target, IReadOnlyList<KeyValuePair<string, string>>? form) : IRestRequest
{
    public HttpMethod Method => method;

    public string Target => target;

    public IReadOnlyList<KeyValuePair<string, string>>? Form => form;

    public bool IsWrite => form is not null;

    public int Attempts { get; set; }

    public TwilioApiException? LastFailure { get; set; }

    Exception? IRestRequest.LastFailure => LastFailure;

    public Exception Crowded(string message) => new TwilioApiException(TwilioFailure.RateLimited, message);

    public Exception Unanswered(string message, Exception late) => new TwilioApiException(TwilioFailure.Unavailable, message, late) { MayPass = true, OutcomeIsUnknown = IsWrite };

    public Exception NotDone(string message, Exception late) => new TwilioApiException(TwilioFailure.Unavailable, message, late)
    {
        Status = LastFailure?.Status,
        Code = LastFailure?.Code,
        Attempts = Attempts,
        OutcomeIsUnknown = IsWrite && Attempts > 0,
    };

    // Without the query: a list may be asked for by number.
    public override string ToString() => $"{method} /{target.Split('?')[0]}";
}
