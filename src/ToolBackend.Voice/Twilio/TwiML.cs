using System.Xml.Linq;

namespace ToolBackend.Voice.Twilio;

/// <summary>The few documents that we answer Twilio with.</summary>
public static class TwiML
{
    public const string ContentType = "text/xml; charset=utf-8";

    /// <summary>The most that Twilio takes of one parameter, name and value together, is 500 characters.</summary>
    public const int MaxParameter = 499;

    /// <summary>Connects the call to our media socket; when the stream ends, Twilio asks <paramref name="action"/>.</summary>
    public static string Connect(string streamUrl, string action, IEnumerable<KeyValuePair<string, string>> parameters) => Response(
        new XElement(
            "Connect",
            new XAttribute("action", action),
            new XElement("Stream", new XAttribute("url", streamUrl), parameters.Select(p => new XElement("Parameter", new XAttribute("name", p.Key), new XAttribute("value", p.Value))))));

    /// <param name="audio">Address of a file.</param>
    /// <param name="next">Asked when it was played.</param>
    public static string PlayAndGoOn(string audio, string next) => Response(new XElement("Play", audio), new XElement("Redirect", new XAttribute("method", "POST"), next));

    public static string SayAndHangUp(string sentence) => Response(new XElement("Say", sentence), new XElement("Hangup"));

    public static string Redirect(string url) => Response(new XElement("Redirect", new XAttribute("method", "POST"), url));

    /// <param name="number">E.164, or a <c>sip:</c> address.</param>
    /// <param name="action">Asked when the dialled party has hung up or did not answer.</param>
    /// <param name="whisper">Asked for what the dialled party hears before they are connected; null for nothing.</param>
    /// <param name="callerId">Whom they see calling; null leaves it to Twilio: the caller.</param>
    /// <param name="digits">Keys pressed when they have answered; null for none.</param>
    public static string Dial(string number, string? action, TimeSpan timeout, string? whisper = null, string? callerId = null, string? digits = null) => Response(
        new XElement(
            "Dial",
            Optional("action", action),
            new XAttribute("timeout", (int)timeout.TotalSeconds),
            Optional("callerId", callerId),
            number.StartsWith("sip:", StringComparison.OrdinalIgnoreCase)
                ? new XElement("Sip", Optional("url", whisper), number)
                : new XElement("Number", Optional("url", whisper), Optional("sendDigits", digits), number)));

    /// <summary>For the party that answered a dial.</summary>
    public static string Say(string sentence) => Response(new XElement("Say", sentence));

    public static string HangUp() => Response(new XElement("Hangup"));

    /// <summary>Nothing to do: for status callbacks.</summary>
    public static string Empty() => Response();

    private static XAttribute? Optional(string name, string? value) => value is null ? null : new XAttribute(name, value);

    private static string Response(params object?[] verbs) => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + new XElement("Response", verbs).ToString(SaveOptions.DisableFormatting);
}
