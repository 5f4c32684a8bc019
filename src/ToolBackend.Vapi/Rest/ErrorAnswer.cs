using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Rest;

/// <summary>
/// What an error body says. Vapi's shape is <c>{"message": string or array, "error"?: string, "statusCode": number}</c>, but a gateway's HTML page,
/// an empty body or anything else may come instead: every body can be read.
/// </summary>
internal sealed partial record ErrorAnswer(string? Error, IReadOnlyList<string> Messages, bool IsPage)
{
    public const int MostMessages = 50;
    public const int LongestMessage = 500;

    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static ErrorAnswer Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, s_lenient);
            return FromJson(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with a lone surrogate. Neither is JSON worth reading.
            return FromText(Encoding.UTF8.GetString(body.Span));
        }
    }

    private static ErrorAnswer FromJson(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new ErrorAnswer(null, Texts(root), IsPage: false);
        }

        var error = root.TryGetProperty("error", out var named) ? named : default;
        var messages = root.TryGetProperty("message", out var message) ? Texts(message) : [];
        return error.ValueKind == JsonValueKind.String
            ? new ErrorAnswer(Shorten(error.GetString()!), messages, IsPage: false)
            : new ErrorAnswer(null, messages.Count > 0 ? messages : Texts(error), IsPage: false);
    }

    private static List<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Some(element.GetString()!),
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Texts).Take(MostMessages)],
        JsonValueKind.Object => element.TryGetProperty("message", out var inner) ? Texts(inner) : Some(element.GetRawText()),
        _ => [],
    };

    private static ErrorAnswer FromText(string text)
    {
        var isPage = text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<!doctype", StringComparison.OrdinalIgnoreCase);
        var words = isPage ? Title().Match(text).Groups["title"].Value : text;
        return new ErrorAnswer(null, Some(words), isPage);
    }

    private static List<string> Some(string text) => Shorten(text) is { Length: > 0 } some ? [some] : [];

    // One line: the text goes into an exception's message and onto a terminal.
    private static string Shorten(string text)
    {
        var line = Blanks().Replace(text, " ").Trim();
        return line.Length <= LongestMessage ? line : string.Concat(line.AsSpan(0, LongestMessage), "…");
    }

    [GeneratedRegex(@"<title[^>]*>(?<title>[^<]{0,300})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Title();

    [GeneratedRegex(@"[\s\p{C}]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();
}
