namespace ToolBackend.Vapi.Definitions;

/// <summary>What Twilio must do with a number (the <c>routing:</c> of a phone number file; never sent to Vapi). Null: left as it is.</summary>
public sealed record NumberRouting(string? VoiceUrl, string? VoiceFallbackUrl, string? StatusCallback);
