using System.Text;
using System.Text.Json;
using ToolBackend.Core.Observability;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Cleans one string of a message.</summary>
internal static class ContentText
{
    /// <summary>How often JSON may be wrapped in a string of JSON before nobody looks into it any more: then it is not kept.</summary>
    private const int MaxLevel = 3;

    /// <param name="level">How many strings of JSON it is wrapped in.</param>
    /// <returns>The text to keep; null when it may stay as it is.</returns>
    public static string? CleanOrNull(ReadOnlySpan<char> text, Place place, in RedactionPlan plan, int level)
    {
        if (LooksLikeJson(text))
        {
            if (level == MaxLevel)
            {
                return Sensitive.Mask;
            }

            if (TryRedactJson(text, place == Place.Content ? Place.Content : Place.Other, plan, level + 1, out var json))
            {
                return json;
            }
        }

        string? cleaned = null;
        if (text.Contains("://", StringComparison.Ordinal) && Addresses.MaskOrNull(text) is { } addresses)
        {
            text = cleaned = addresses;
        }

        if (SecretText.MaskOrNull(text) is { } secrets)
        {
            text = cleaned = secrets;
        }

        if (place == Place.Identifier)
        {
            return cleaned;
        }

        if (KeypadEntries.MaskOrNull(text) is { } keys)
        {
            text = cleaned = keys;
        }

        if (SensitiveDigits.MaskOrNull(text, growing: plan.Text == TextMode.Growing) is { } numbers)
        {
            text = cleaned = numbers;
        }

        return plan.Text == TextMode.Piece && text.ContainsAnyInRange('0', '9') ? WithoutDigits(text) : cleaned;
    }

    private static string WithoutDigits(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length).Append(text);
        for (var i = 0; i < result.Length; i++)
        {
            if (char.IsAsciiDigit(result[i]))
            {
                result[i] = '*';
            }
        }

        return result.ToString();
    }

    /// <summary>Cheap, so that "[laughs]" costs no attempt.</summary>
    private static bool LooksLikeJson(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length < 3)
        {
            return false;
        }

        var first = text[1..].TrimStart() is [var c, ..] ? c : '\0';
        return (text[0], text[^1]) switch
        {
            ('{', '}') => first == '"',
            ('[', ']') => first is '{' or '[' or '"' or '-' || char.IsAsciiDigit(first),
            _ => false,
        };
    }

    /// <summary>False when it is not JSON.</summary>
    private static bool TryRedactJson(ReadOnlySpan<char> text, Place place, in RedactionPlan plan, int level, out string? redacted)
    {
        redacted = null;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var body = bytes.AsMemory(0, Encoding.UTF8.GetBytes(text, bytes));
        try
        {
            var result = MessageRedactor.Redact(body, place, plan, level);
            redacted = result.IsChanged ? Encoding.UTF8.GetString(result.Body.Span) : null;
            return true;
        }
        catch (JsonException)
        {
            // Text that only begins and ends like JSON; it is cleaned as text.
            return false;
        }
    }
}
