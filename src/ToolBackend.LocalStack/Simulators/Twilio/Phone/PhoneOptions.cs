namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>Who calls, and how Twilio is set up for the number that is called.</summary>
public sealed record PhoneOptions
{
    /// <summary>The number's <c>VoiceUrl</c>.</summary>
    public required string VoiceUrl { get; init; }

    /// <summary>The number's <c>StatusCallback</c>; null for none.</summary>
    public string? StatusCallback { get; init; }

    /// <summary>The number's <c>VoiceFallbackUrl</c>; null for none.</summary>
    public string? FallbackUrl { get; init; }

    public string AccountSid { get; init; } = "AC00000000000000000000000000000001";

    public string AuthToken { get; init; } = TwilioRestSimulatorOptions.DefaultAuthToken;

    public string From { get; init; } = "+12065550142";

    public string To { get; init; } = "+12065550100";

    /// <summary>We are called: <c>From</c> is the business, <c>To</c> the person or machine that answers.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>The call that is answered, placed over REST; null (default): somebody calls.</summary>
    public TwilioCall? Answers { get; init; }

    /// <summary>Twilio's verdict on who answered an outbound call, such as <c>human</c> or <c>machine_end_beep</c>; null (default): it was not asked for one.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Where the call can be redirected and ended over REST while it is on; null (default): that API does not know it.</summary>
    public TwilioAccount? Account { get; init; }

    /// <summary>How a dialled number answers: <c>completed</c> (default), <c>no-answer</c>, <c>busy</c> or <c>failed</c>.</summary>
    public Func<string, string> Dial { get; init; } = _ => "completed";

    /// <summary>Keep what was played, for a WAV file.</summary>
    public bool KeepsAudio { get; init; }

    /// <summary>For one webhook, as Twilio's. Default 15 s.</summary>
    public TimeSpan WebhookDeadline { get; init; } = TimeSpan.FromSeconds(15);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sound of a sentence as the caller says it. Default a soft tone with the words in it.</summary>
    public Func<string, byte[]> Speak { get; init; } = text => Audio.AudibleText.Encode(text);
}
