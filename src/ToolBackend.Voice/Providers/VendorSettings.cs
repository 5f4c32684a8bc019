using ToolBackend.Vapi.Rest;

namespace ToolBackend.Voice.Providers;

/// <summary>The rules for <see cref="VendorOptions"/>, the same for every vendor. A text names the setting and the rule, never a value.</summary>
internal static class VendorSettings
{
    /// <param name="section">Such as <c>Vendors:Groq</c>.</param>
    public static IEnumerable<string> Problems(string section, VendorOptions options)
    {
        if (!string.IsNullOrEmpty(options.BaseUrl))
        {
            if (VendorAddress.Problem(options.BaseUrl) is { } problem)
            {
                yield return $"{section}:{nameof(options.BaseUrl)} {problem}.";
            }
            else if (options.BaseUrl.EndsWith('/'))
            {
                yield return $"{section}:{nameof(options.BaseUrl)} must not end in a slash.";
            }
        }

        if (!string.IsNullOrEmpty(options.ApiKey) && options.ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            yield return $"{section}:{nameof(options.ApiKey)} must have no spaces, line breaks or letters beyond ASCII.";
        }
    }
}
