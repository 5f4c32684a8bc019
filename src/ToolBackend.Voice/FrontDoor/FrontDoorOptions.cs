using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Section <c>Voice:FrontDoor</c>: calls that Vapi may run. Without <c>Vendors:Vapi:ApiKey</c> none go there.</summary>
public sealed class FrontDoorOptions
{
    /// <summary>Milliseconds that Vapi has for a call, hedge included; then the own pipeline answers. The caller hears ringing meanwhile. Default 2500, limit 200 to 10000: Twilio gives 15 s for all.</summary>
    [Range(200, 10_000)]
    public int WallMilliseconds { get; set; } = 2500;

    /// <summary>Milliseconds without an answer after which Vapi is asked once more. Default 1200, limit 50 to 10000; beyond the wall: never.</summary>
    [Range(50, 10_000)]
    public int HedgeAfterMilliseconds { get; set; } = 1200;

    /// <summary>Milliseconds that a call without an end is given for the news of it, when its stream has ended. Default 700, limit 0 to 3000.</summary>
    [Range(0, 3000)]
    public int EndPatienceMilliseconds { get; set; } = 700;

    /// <summary>Seconds between probes of Vapi's API while it is healthy. Default 15, limit 1 to 3600.</summary>
    [Range(1, 3600)]
    public int ProbeSeconds { get; set; } = 15;

    /// <summary>Seconds after which a call that Vapi took, and of which it has told nothing, speaks against its health. Default 10, limit 1 to 120.</summary>
    [Range(1, 120)]
    public int FirstEventSeconds { get; set; } = 10;

    /// <summary>Vapi's id of an assistant by its name. Default: what <c>phone_line</c> says of the line, else what <c>vapi apply</c> has written down.</summary>
    public Dictionary<string, string> Assistants { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Vapi's id of a number by E.164. Default: what <c>vapi apply</c> has written down.</summary>
    public Dictionary<string, string> PhoneNumbers { get; set; } = new(StringComparer.Ordinal);
}
