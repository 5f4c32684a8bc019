namespace ToolBackend.Core.Calls.Orders;

/// <summary>Why an order was not done, or is not known to be.</summary>
public static class OrderReasons
{
    /// <summary>Failed: the definitions of the Voice hosts have no assistant of that name.</summary>
    public const string NoAssistant = "no-assistant";

    /// <summary>Failed: no line was named, and the assistant has not exactly one.</summary>
    public const string LineNeeded = "line-needed";

    /// <summary>Failed: the Voice hosts have no Twilio account.</summary>
    public const string NoCarrier = "no-carrier";

    /// <summary>Failed: Twilio does not do this, whoever asks: a number it cannot call, or a line that is not the account's.</summary>
    public const string Refused = "refused";

    /// <summary>Failed: Twilio cannot be reached, or is busy.</summary>
    public const string CarrierAway = "carrier-away";

    /// <summary>Failed: no Voice host took it in time.</summary>
    public const string Expired = "expired";

    /// <summary>Unknown: the host that took it is gone, or did not come to an end.</summary>
    public const string HostLost = "host-lost";

    /// <summary>Unknown: Vapi did not answer, and cannot be asked.</summary>
    public const string VapiSilent = "vapi-silent";

    /// <summary>Unknown: Twilio did not answer.</summary>
    public const string CarrierSilent = "carrier-silent";
}
