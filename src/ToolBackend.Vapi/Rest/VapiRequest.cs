using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Rest;

/// <summary>One request with what is known of its attempts so far.</summary>
internal sealed partial class VapiRequest : IRestRequest
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public VapiRequest(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>>? query = null, JsonObject? body = null)
    {
        if (!SafePath().IsMatch(path) || path.Contains("..", StringComparison.Ordinal))
        {
            throw new ArgumentException("A path is names and ids parted by slashes.", nameof(path));
        }

        Method = method;
        Path = path.Trim('/');
        Target = query is null or [] ? Path : $"{Path}?{string.Join('&', query.Select(part => $"{Uri.EscapeDataString(part.Key)}={Uri.EscapeDataString(part.Value)}"))}";
        Body = body;
        Bytes = body is null ? null : JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body, s_json);
    }

    public HttpMethod Method { get; }

    public string Path { get; }

    /// <summary>Path and query.</summary>
    public string Target { get; }

    public JsonObject? Body { get; }

    public byte[]? Bytes { get; }

    /// <summary>The first part of the path; the only part of a request that is logged.</summary>
    public string Resource => Path.Split('/')[0];

    public bool IsWrite => Method != HttpMethod.Get;

    public int Attempts { get; set; }

    public VapiApiException? LastFailure { get; set; }

    /// <summary>True once an attempt ended without a word about whether it was done.</summary>
    public bool MayBeDone { get; set; }

    public JsonObject ObjectOf(JsonNode? answer) => answer as JsonObject ?? throw Failed(new VapiApiException(VapiFailure.Unreadable, $"{this}: the answer is no JSON object.")
    {
        OutcomeIsUnknown = IsWrite,
        Attempts = Attempts,
    });

    /// <summary>Takes note of an attempt's failure and returns it.</summary>
    public VapiApiException Failed(VapiApiException failure)
    {
        LastFailure = failure;
        MayBeDone |= failure.OutcomeIsUnknown;
        return failure;
    }

    Exception? IRestRequest.LastFailure => LastFailure;

    public Exception Crowded(string message) => new VapiApiException(VapiFailure.RateLimited, message);

    public Exception Unanswered(string message, Exception late) => new VapiApiException(VapiFailure.Unavailable, message, late) { MayPass = true, OutcomeIsUnknown = IsWrite };

    public Exception NotDone(string message, Exception late) => new VapiApiException(VapiFailure.Unavailable, message, late)
    {
        Status = LastFailure?.Status,
        Attempts = Attempts,
        OutcomeIsUnknown = IsWrite && Attempts > 0,
    };

    public override string ToString() => $"{Method} /{Path}";

    [GeneratedRegex("^/?[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SafePath();
}
