namespace ToolBackend.Vapi.Twilio;

/// <summary>A call that Twilio is to place.</summary>
/// <param name="From">One of the account's numbers, E.164.</param>
/// <param name="To">E.164.</param>
/// <param name="Url">Asked for instructions when somebody or something has answered.</param>
public sealed record NewTwilioCall(string From, string To, string Url)
{
    /// <summary>Asked when <see cref="Url"/> fails; null for nothing.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>Told when the call is over, also when nobody answered; null for nobody.</summary>
    public string? StatusCallback { get; init; }

    /// <summary>Find out whether a person or a machine has answered (<c>AnsweredBy</c> at <see cref="Url"/>), and wait for a machine's beep. Costs a person about two seconds of silence.</summary>
    public bool DetectsMachine { get; init; }

    /// <summary>For somebody to answer. Default 60 s, at most 10 minutes.</summary>
    public TimeSpan Ring { get; init; } = TimeSpan.FromSeconds(60);

    internal IReadOnlyList<KeyValuePair<string, string>> Form =>
    [
        .. new KeyValuePair<string, string?>[]
        {
            new("From", From), new("To", To), new("Url", Url), new("FallbackUrl", FallbackUrl), new("StatusCallback", StatusCallback),
            new("MachineDetection", DetectsMachine ? "DetectMessageEnd" : null), new("Timeout", ((int)Ring.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        }.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, member.Value!)),
    ];

    /// <summary>Without the numbers.</summary>
    public override string ToString() => nameof(NewTwilioCall);
}
