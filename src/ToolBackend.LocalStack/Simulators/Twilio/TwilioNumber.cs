using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary>An incoming phone number and where its calls go. Changes apply to the next call.</summary>
public sealed class TwilioNumber
{
    internal TwilioNumber(string accountSid, string number, DateTimeOffset now) => (AccountSid, Number, CreatedAt, UpdatedAt) = (accountSid, number, now, now);

    public string AccountSid { get; }

    /// <summary>E.164.</summary>
    public string Number { get; }

    public string Sid => TwilioIds.Sid("PN", Number);

    public string FriendlyName { get; set; } = string.Empty;

    public string? VoiceUrl { get; set; }

    public string VoiceMethod { get; set; } = "POST";

    public string? VoiceFallbackUrl { get; set; }

    public string VoiceFallbackMethod { get; set; } = "POST";

    public string StatusCallback { get; set; } = string.Empty;

    public string StatusCallbackMethod { get; set; } = "POST";

    public string SmsUrl { get; set; } = string.Empty;

    /// <summary>When set, Twilio ignores the voice addresses.</summary>
    public string VoiceApplicationSid { get; set; } = string.Empty;

    /// <summary>When set, Twilio ignores the voice addresses.</summary>
    public string? TrunkSid { get; set; }

    internal DateTimeOffset CreatedAt { get; }

    internal DateTimeOffset UpdatedAt { get; set; }

    internal string Uri => $"/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json";

    internal JsonObject ToJson() => new()
    {
        ["account_sid"] = AccountSid,
        ["address_requirements"] = "none",
        ["address_sid"] = null,
        ["api_version"] = "2010-04-01",
        ["beta"] = false,
        ["bundle_sid"] = null,
        ["capabilities"] = new JsonObject { ["voice"] = true, ["sms"] = true, ["mms"] = true, ["fax"] = false },
        ["date_created"] = TwilioIds.Date(CreatedAt),
        ["date_updated"] = TwilioIds.Date(UpdatedAt),
        ["emergency_address_sid"] = null,
        ["emergency_address_status"] = "unregistered",
        ["emergency_status"] = "Inactive",
        ["friendly_name"] = FriendlyName.Length > 0 ? FriendlyName : TwilioIds.Formatted(Number),
        ["identity_sid"] = null,
        ["origin"] = "twilio",
        ["phone_number"] = Number,
        ["sid"] = Sid,
        ["sms_application_sid"] = "",
        ["sms_fallback_method"] = "POST",
        ["sms_fallback_url"] = "",
        ["sms_method"] = "POST",
        ["sms_url"] = SmsUrl,
        ["status"] = "in-use",
        ["status_callback"] = StatusCallback,
        ["status_callback_method"] = StatusCallbackMethod,
        ["trunk_sid"] = TrunkSid,
        ["type"] = "local",
        ["uri"] = Uri,
        ["voice_application_sid"] = VoiceApplicationSid,
        ["voice_caller_id_lookup"] = false,
        ["voice_fallback_method"] = VoiceFallbackMethod,
        ["voice_fallback_url"] = VoiceFallbackUrl,
        ["voice_method"] = VoiceMethod,
        ["voice_receive_mode"] = "voice",
        ["voice_url"] = VoiceUrl,
    };
}
