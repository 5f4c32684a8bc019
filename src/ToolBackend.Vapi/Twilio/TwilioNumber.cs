namespace ToolBackend.Vapi.Twilio;

/// <summary>An incoming phone number of the account and where its calls go. An address that is not set is empty.</summary>
/// <param name="Sid">PN...</param>
/// <param name="Number">E.164.</param>
public sealed record TwilioNumber(string Sid, string Number)
{
    /// <summary>What Twilio asks for instructions when a call comes in.</summary>
    public string VoiceUrl { get; init; } = string.Empty;

    /// <summary>GET or POST.</summary>
    public string VoiceMethod { get; init; } = "POST";

    /// <summary>What Twilio asks when <see cref="VoiceUrl"/> fails.</summary>
    public string VoiceFallbackUrl { get; init; } = string.Empty;

    public string VoiceFallbackMethod { get; init; } = "POST";

    /// <summary>What Twilio tells when a call has ended.</summary>
    public string StatusCallback { get; init; } = string.Empty;

    public string StatusCallbackMethod { get; init; } = "POST";

    /// <summary>AP... of a TwiML application. Not empty: Twilio ignores the voice addresses.</summary>
    public string VoiceApplicationSid { get; init; } = string.Empty;

    /// <summary>TK... of a SIP trunk. Not empty: Twilio ignores the voice addresses.</summary>
    public string TrunkSid { get; init; } = string.Empty;

    /// <summary>The sid alone: phone numbers do not belong into logs.</summary>
    public override string ToString() => Sid;
}

/// <summary>What to change of a number. Null leaves a field as it is; an empty address clears it.</summary>
public sealed record TwilioNumberUpdate
{
    public string? VoiceUrl { get; init; }

    /// <summary>GET or POST.</summary>
    public string? VoiceMethod { get; init; }

    public string? VoiceFallbackUrl { get; init; }

    public string? VoiceFallbackMethod { get; init; }

    public string? StatusCallback { get; init; }

    public string? StatusCallbackMethod { get; init; }

    internal IReadOnlyList<KeyValuePair<string, string>> Form =>
    [
        .. new KeyValuePair<string, string?>[]
        {
            new(nameof(VoiceUrl), VoiceUrl), new(nameof(VoiceMethod), VoiceMethod),
            new(nameof(VoiceFallbackUrl), VoiceFallbackUrl), new(nameof(VoiceFallbackMethod), VoiceFallbackMethod),
            new(nameof(StatusCallback), StatusCallback), new(nameof(StatusCallbackMethod), StatusCallbackMethod),
        }.Where(entry => entry.Value is not null).Select(entry => new KeyValuePair<string, string>(entry.Key, entry.Value!)),
    ];
}
