using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary>What a live call was told to do next.</summary>
public sealed record TwilioRedirect(string? Url, string? Method, string? Twiml, DateTimeOffset At);

/// <summary>A call at Twilio.</summary>
public sealed class TwilioCall
{
    private readonly List<TwilioRedirect> _redirects = [];
    private readonly Channel<TwilioRedirect?> _changes = Channel.CreateBounded<TwilioRedirect?>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    internal TwilioCall(string accountSid, string sid, string from, string to, string direction, string status, DateTimeOffset now) =>
        (AccountSid, Sid, From, To, Direction, Status, CreatedAt, UpdatedAt) = (accountSid, sid, from, to, direction, status, now, now);

    public string AccountSid { get; }

    public string Sid { get; }

    public string From { get; }

    public string To { get; }

    /// <summary><c>inbound</c> or <c>outbound-api</c>.</summary>
    public string Direction { get; }

    /// <summary><c>queued</c>, <c>ringing</c>, <c>in-progress</c>, <c>completed</c> or <c>canceled</c>.</summary>
    public string Status { get; internal set; }

    public bool IsOver => Status is "completed" or "canceled" or "busy" or "failed" or "no-answer";

    /// <summary>TwiML or addresses of it that the call was given, the first by its creation.</summary>
    public IReadOnlyList<TwilioRedirect> Redirects => _redirects;

    /// <summary>The form that it was placed with; empty for a call that came in.</summary>
    public IReadOnlyDictionary<string, string> Created { get; internal init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal DateTimeOffset CreatedAt { get; }

    internal DateTimeOffset UpdatedAt { get; set; }

    internal DateTimeOffset? AnsweredAt { get; set; }

    internal DateTimeOffset? EndedAt { get; set; }

    /// <summary>For who plays the call: what it was told since, in order; null for that it was ended.</summary>
    internal ChannelReader<TwilioRedirect?> Changes => _changes.Reader;

    /// <summary>Its first instruction, which waits for somebody to answer.</summary>
    internal void Begin(TwilioRedirect first) => _redirects.Add(first);

    internal void Redirect(TwilioRedirect redirect)
    {
        _redirects.Add(redirect);
        _changes.Writer.TryWrite(redirect);
    }

    internal void End(string status, DateTimeOffset now)
    {
        (Status, EndedAt, UpdatedAt) = (status, now, now);
        _changes.Writer.TryWrite(null);
    }

    // Durations, prices and queue times are text at Twilio.
    internal JsonObject ToJson()
    {
        var uri = $"/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}";
        var names = new[] { "notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions", "user_defined_message_subscriptions", "user_defined_messages" };
        return new JsonObject
        {
            ["account_sid"] = AccountSid,
            ["answered_by"] = null,
            ["api_version"] = "2010-04-01",
            ["caller_name"] = null,
            ["date_created"] = TwilioIds.Date(CreatedAt),
            ["date_updated"] = TwilioIds.Date(UpdatedAt),
            ["direction"] = Direction,
            ["duration"] = EndedAt is { } ended ? ((long)(ended - (AnsweredAt ?? ended)).TotalSeconds).ToString(CultureInfo.InvariantCulture) : null,
            ["end_time"] = EndedAt is { } end ? TwilioIds.Date(end) : null,
            ["forwarded_from"] = null,
            ["from"] = From,
            ["from_formatted"] = TwilioIds.Formatted(From),
            ["group_sid"] = null,
            ["parent_call_sid"] = null,
            ["phone_number_sid"] = TwilioIds.Sid("PN", Direction == "inbound" ? To : From),
            ["price"] = null,
            ["price_unit"] = "USD",
            ["queue_time"] = "0",
            ["sid"] = Sid,
            ["start_time"] = AnsweredAt is { } answered ? TwilioIds.Date(answered) : null,
            ["status"] = Status,
            ["subresource_uris"] = new JsonObject([.. names.Select(name => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create($"{uri}/{Pascal(name)}.json")))]),
            ["to"] = To,
            ["to_formatted"] = TwilioIds.Formatted(To),
            ["trunk_sid"] = null,
            ["uri"] = uri + ".json",
        };
    }

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
