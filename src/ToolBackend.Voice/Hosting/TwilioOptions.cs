namespace ToolBackend.Voice.Hosting;

/// <summary>Section <c>Vendors:Twilio</c>.</summary>
public sealed class TwilioOptions
{
    /// <summary>REST API. Default <c>https://api.twilio.com</c>; http for loopback only.</summary>
    public string BaseUrl { get; set; } = "https://api.twilio.com";

    /// <summary>Needed for hanging up and for transfers.</summary>
    public string? AccountSid { get; set; }

    /// <summary>The account's primary auth token: its requests are signed with it, and ours use it.</summary>
    public string? AuthToken { get; set; }
}
