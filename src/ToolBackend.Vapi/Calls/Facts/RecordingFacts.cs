using System.Text.Json;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>
/// Links to a call's recordings from every place where they appear. (Presigned links are left out with the secrets: they open for everybody, and not for long.)
/// </summary>
internal static class RecordingFacts
{
    public static IReadOnlyDictionary<string, string>? Of(JsonElement holder)
    {
        var links = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var place in new[] { holder.Get("artifact"u8), holder })
        {
            var recording = place.Get("recording"u8);
            var mono = recording.Get("mono"u8);
            Add(links, "mono", mono.Get("combinedUrl"u8));
            Add(links, "mono", mono);
            Add(links, "mono", place.Get("recordingUrl"u8));
            Add(links, "mono", recording);
            Add(links, "assistant", mono.Get("assistantUrl"u8));
            Add(links, "customer", mono.Get("customerUrl"u8));
            Add(links, "stereo", recording.Get("stereoUrl"u8));
            Add(links, "stereo", place.Get("stereoRecordingUrl"u8));
            Add(links, "video", recording.Get("videoUrl"u8));
            Add(links, "video", place.Get("videoRecordingUrl"u8));
        }

        return links.Count > 0 ? links : null;
    }

    private static void Add(SortedDictionary<string, string> links, string kind, JsonElement link)
    {
        if (link.Id(BoundedText.Address) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http")
        {
            links.TryAdd(kind, text);
        }
    }
}
