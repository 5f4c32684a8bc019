namespace ToolBackend.Api.Operator.Calls;

/// <summary>What <c>GET /calls</c> was asked for. Members that are closed sets have been checked: they are written into the statement as they are.</summary>
internal sealed record CallFilter
{
    public static readonly string[] Statuses = ["scheduled", "queued", "ringing", "in-progress", "forwarding", "ended"];
    public static readonly string[] Classes = ["normal", "customer", "ours", "capacity", "platform", "provider", "other"];
    public static readonly string[] Sides = ["vapi", "own", "both"];
    public static readonly string[] Types = ["inboundPhoneCall", "outboundPhoneCall", "webCall", "vapi.websocketCall"];

    public string? Status { get; init; }

    public string? Class { get; init; }

    public string? Side { get; init; }

    public string? Type { get; init; }

    public bool? Open { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>E.164.</summary>
    public string? Caller { get; init; }

    /// <summary>Name of the first assistant, or its id where it has no name.</summary>
    public string? Assistant { get; init; }

    /// <summary>Words of the transcript, in the form of <c>websearch_to_tsquery</c>.</summary>
    public string? Text { get; init; }

    public int Limit { get; init; } = Page.DefaultLimit;

    public PageCursor? After { get; init; }
}
