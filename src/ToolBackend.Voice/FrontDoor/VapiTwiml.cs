using System.Xml;
using System.Xml.Linq;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Vapi's document for a call, and ours around it.</summary>
internal static class VapiTwiml
{
    /// <summary>Twilio takes more; nothing sane has more.</summary>
    private const int MostCharacters = 16 * 1024;

    /// <summary>The <c>Connect</c> of a document that connects a media stream; null when Twilio could not carry it out.</summary>
    public static XElement? ConnectOf(string? document)
    {
        if (document is not { Length: > 0 and <= MostCharacters })
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var response = XElement.Load(reader);
            return response.Name == "Response" && response.Element("Connect") is { } connect && connect.Elements().ToList() is [{ Name.LocalName: "Stream" } stream] && IsSocket(stream.Attribute("url")?.Value)
                ? connect
                : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>
    /// Vapi's stream, and behind it our own address: when the stream ends, by whom ever, Twilio goes on there. An action of Vapi's would stand in front of that.
    /// </summary>
    public static string With(XElement connect, string resumeUrl)
    {
        var own = new XElement(connect);
        own.Attribute("action")?.Remove();
        own.Attribute("method")?.Remove();
        var response = new XElement("Response", own, new XElement("Redirect", new XAttribute("method", "POST"), resumeUrl));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + response.ToString(SaveOptions.DisableFormatting);
    }

    private static bool IsSocket(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "wss" || (address.Scheme is "ws" && address.IsLoopback));
}
