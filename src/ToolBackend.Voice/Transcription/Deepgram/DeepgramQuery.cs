using System.Globalization;
using System.Text;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>What of a definition is asked of Deepgram, as path and query. Repeated parameters are repeated, booleans are words.</summary>
internal static class DeepgramQuery
{
    private const int MostKeyTerms = 100;

    /// <summary>nova and older, <c>/v1/listen</c>.</summary>
    internal static string Nova(TranscriberModel settings, int utteranceEndMilliseconds)
    {
        var model = settings.Model ?? "nova-3";
        var query = new StringBuilder("/v1/listen?encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&vad_events=true&punctuate=true");
        Add(query, "model", model);
        // 0 turns endpointing off at Deepgram as well, but under another name.
        Add(query, "endpointing", settings.Endpointing > TimeSpan.Zero ? Number(settings.Endpointing.TotalMilliseconds) : "false");
        Add(query, "utterance_end_ms", Number(utteranceEndMilliseconds));
        if (settings.SmartFormat is true)
        {
            // Without no_delay a final waits for a number or a date that may go on.
            query.Append("&smart_format=true&no_delay=true");
        }

        Add(query, "language", settings.Language);
        Flags(query, settings);
        if (model.StartsWith("nova-3", StringComparison.Ordinal))
        {
            Repeat(query, "keyterm", settings.KeyTerms);
        }
        else
        {
            Repeat(query, "keywords", settings.Keywords);
        }

        return query.ToString();
    }

    /// <summary>Flux, <c>/v2/listen</c>. It refuses what belongs to nova.</summary>
    internal static string Flux(TranscriberModel settings, double? eagerThreshold)
    {
        var model = settings.Model ?? "flux-general-en";
        var query = new StringBuilder("/v2/listen?encoding=mulaw&sample_rate=8000");
        Add(query, "model", model);
        var end = Math.Clamp(settings.EndOfTurnThreshold, 0.5, 0.9);
        Add(query, "eot_threshold", Number(end));
        if (eagerThreshold is { } eager)
        {
            Add(query, "eager_eot_threshold", Number(Math.Clamp(eager, 0.3, end)));
        }

        Add(query, "eot_timeout_ms", Number(Math.Clamp(settings.EndOfTurnTimeout.TotalMilliseconds, 500, 10_000)));
        if (model.Contains("multi", StringComparison.Ordinal) && settings.Language is not (null or "multi"))
        {
            Add(query, "language_hint", settings.Language);
        }

        Flags(query, settings);
        Repeat(query, "keyterm", settings.KeyTerms);
        return query.ToString();
    }

    private static void Flags(StringBuilder query, TranscriberModel settings)
    {
        Add(query, "numerals", Flag(settings.Numerals));
        Add(query, "profanity_filter", Flag(settings.ProfanityFilter));
    }

    private static string? Flag(bool? value) => value is { } set ? set ? "true" : "false" : null;

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static void Repeat(StringBuilder query, string name, IReadOnlyList<string> values)
    {
        foreach (var value in values.Where(static v => !string.IsNullOrWhiteSpace(v)).Take(MostKeyTerms))
        {
            Add(query, name, value);
        }
    }

    private static void Add(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
