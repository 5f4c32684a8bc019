using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Voice.Hosting;

/// <summary>Section <c>Voice</c>.</summary>
public sealed class VoiceOptions
{
    /// <summary>
    /// Address that Twilio reaches this host by, such as <c>https://voice.example.com</c>, without a slash at the end. Requests are signed over it, and media streams go to it with wss. Required; http
    /// for loopback only.
    /// </summary>
    [Required]
    public string PublicUrl { get; set; } = "";

    /// <summary>Folder of the definitions. Default <c>vapi</c>, relative to the working directory.</summary>
    [Required]
    public string Definitions { get; set; } = "vapi";

    /// <summary>Environment of the definitions (<c>environments/NAME.yaml</c>). Default <c>prod</c>.</summary>
    [Required]
    public string Environment { get; set; } = "prod";

    /// <summary>Assistant, or squad, for numbers that <see cref="Lines"/> does not name. Default none: such a call hears a sentence and ends.</summary>
    public string? DefaultAssistant { get; set; }

    /// <summary>Assistant, or squad, by called number in E.164. Of a squad its first member begins, and hands over as the squad says.</summary>
    public Dictionary<string, string> Lines { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Key of the tokens that tie media streams to their calls, at least 32 bytes, the same on every replica. Default: made at start, which is right for one replica only.
    /// </summary>
    public string? StreamKey { get; set; }

    /// <summary>Calls at once; one more is sent elsewhere at once. Default 100, limit 1 to 5000.</summary>
    [Range(1, 5000)]
    public int MaxCalls { get; set; } = 100;

    /// <summary>Where calls go that this replica does not take: another replica's <c>/twilio/voice</c>. Default none: <see cref="OverflowNumber"/>, or a sentence.</summary>
    public string? OverflowUrl { get; set; }

    /// <summary>Number that such calls are connected to when there is no <see cref="OverflowUrl"/>.</summary>
    public string? OverflowNumber { get; set; }

    /// <summary>Sockets that have not started a stream yet. Default 500, limit 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxPendingSockets { get; set; } = 500;

    /// <summary>Milliseconds from a socket's upgrade to its <c>start</c> with a valid token. Default 5000, limit 100 to 30000.</summary>
    [Range(100, 30_000)]
    public int StartDeadlineMilliseconds { get; set; } = 5000;

    /// <summary>Milliseconds of audio sent ahead of what is played. Default 400, limit 100 to 2000: less risks gaps, more is thrown away at an interruption.</summary>
    [Range(100, 2000)]
    public int LeadMilliseconds { get; set; } = 400;

    /// <summary>Play soft typing while a tool works longer than half a second: silence on a telephone sounds like a lost call. Default true.</summary>
    public bool ThinkingSound { get; set; } = true;

    /// <summary>Rehearse a call in memory before <c>/readyz</c> says yes, so that no caller waits for code to be compiled. Default true.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>Seconds that live calls get to end when the host stops. Default 900, limit 0 to 3600.</summary>
    [Range(0, 3600)]
    public int MaxDrainSeconds { get; set; } = 900;
}
