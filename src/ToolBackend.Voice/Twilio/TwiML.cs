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

    public static string SayAndHangUp(string sentence) => Response(new XElement("Say", sentence), new XElement("Hangup"));

    public static string Redirect(string url) => Response(new XElement("Redirect", new XAttribute("method", "POST"), url));

    /// <param name="action">Asked when the dialled party has hung up or did not answer.</param>
    public static string Dial(string number, string? action, TimeSpan timeout) => Response(
        new XElement(
            "Dial",
            action is null ? null : new XAttribute("action", action),
            new XAttribute("timeout", (int)timeout.TotalSeconds),
            new XElement("Number", number)));

    public static string HangUp() => Response(new XElement("Hangup"));

    /// <summary>Nothing to do: for status callbacks.</summary>
    public static string Empty() => Response();

    private static string Response(params object?[] verbs) => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + new XElement("Response", verbs).ToString(SaveOptions.DisableFormatting);
}
