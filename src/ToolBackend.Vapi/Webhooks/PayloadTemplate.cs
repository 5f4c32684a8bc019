using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>What a payload format's placeholders stand for in one message.</summary>
internal readonly ref struct SignedParts
{
    public required ReadOnlySpan<byte> Body { get; init; }

    public required string Timestamp { get; init; }

    public required string MessageId { get; init; }

    public required string Method { get; init; }

    public required string Url { get; init; }
}

/// <summary>Vapi's <c>payloadFormat</c>, compiled once. Feeds the signed text to a hash piece by piece, so that the body is never copied.</summary>
internal sealed class PayloadTemplate
{
    private enum Slot
    {
        Literal,
        Body,
        Timestamp,
        MessageId,
        Method,
        Url,
    }

    private static readonly (string Text, Slot Slot)[] Placeholders =
    [
        ("{body}", Slot.Body),
        ("{timestamp}", Slot.Timestamp),
        ("{svix-id}", Slot.MessageId),
        ("{method}", Slot.Method),
        ("{url}", Slot.Url),
    ];

    private readonly List<(Slot Slot, byte[] Literal)> pieces = [];

    public PayloadTemplate(WebhookHmacOptions settings)
    {
        var format = !settings.IncludeTimestamp && settings.PayloadFormat == WebhookHmacOptions.DefaultPayloadFormat ? "{body}" : settings.PayloadFormat;
        var literalStart = 0;
        for (var at = 0; at < format.Length;)
        {
            var found = Array.Find(Placeholders, placeholder => format.AsSpan(at).StartsWith(placeholder.Text, StringComparison.Ordinal));
            if (found.Text is null)
            {
                at++;
                continue;
            }

            AddLiteral(format[literalStart..at]);
            pieces.Add((found.Slot, []));
            at += found.Text.Length;
            literalStart = at;
        }

        AddLiteral(format[literalStart..]);
    }

    /// <summary>The rule that a format breaks, or null. A text that leaves out the body or the checked time would sign nothing of worth.</summary>
    public static string? Check(WebhookHmacOptions settings)
    {
        var template = new PayloadTemplate(settings);
        if (!template.Has(Slot.Body))
        {
            return "must contain {body}.";
        }

        if (template.Has(Slot.Timestamp) != settings.IncludeTimestamp)
        {
            return "must contain {timestamp} exactly when IncludeTimestamp is true.";
        }

        return template.Has(Slot.MessageId) && string.IsNullOrWhiteSpace(settings.MessageIdHeader) ? "contains {svix-id}, so MessageIdHeader must be set." : null;
    }

    /// <summary>Appends the signed text of one message to <paramref name="hash"/>.</summary>
    public void AppendTo(IncrementalHash hash, in SignedParts parts)
    {
        foreach (var (slot, literal) in pieces)
        {
            switch (slot)
            {
                case Slot.Body: hash.AppendData(parts.Body); break;
                case Slot.Timestamp: AppendText(hash, parts.Timestamp); break;
                case Slot.MessageId: AppendText(hash, parts.MessageId); break;
                case Slot.Method: AppendText(hash, parts.Method); break;
                case Slot.Url: AppendText(hash, parts.Url); break;
                default: hash.AppendData(literal); break;
            }
        }
    }

    private bool Has(Slot slot) => pieces.Exists(piece => piece.Slot == slot);

    private void AddLiteral(string text)
    {
        if (text.Length > 0)
        {
            pieces.Add((Slot.Literal, Encoding.UTF8.GetBytes(text)));
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        Span<byte> small = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(text, small, out var written))
        {
            hash.AppendData(small[..written]);
        }
        else
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
    }
}
