using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>What a client asks of <c>/v1/listen</c>.</summary>
/// <param name="Endpointing">Null: off.</param>
/// <param name="UtteranceEnd">Null: off.</param>
internal sealed record ListenQuery(string Model, bool Interims, TimeSpan? Endpointing, TimeSpan? UtteranceEnd, bool VadEvents, bool Punctuate)
{
    private static readonly string[] s_models = ["nova-3", "nova-2", "nova", "nova-general", "nova-phonecall", "enhanced", "base"];
    private static readonly string[] s_families = ["nova-3-", "nova-2-", "enhanced-", "base-"];

    public bool IsKnownModel => s_models.Contains(Model, StringComparer.Ordinal) || s_families.Any(family => Model.StartsWith(family, StringComparison.Ordinal));

    /// <summary>Reads the query; what is wrong is told by <see cref="QueryReader.Error"/>.</summary>
    public static ListenQuery Read(QueryReader query)
    {
        var model = query.Text("model") ?? "base";
        PhoneAudio.Check(query);
        query.Integer("channels", 1, 1);
        var interims = query.Flag("interim_results");
        var utteranceEnd = query.Integer("utterance_end_ms", 1000, 5000);
        if (utteranceEnd is not null && !interims)
        {
            query.Fail("utterance_end_ms requires interim_results=true.");
        }

        int? endpointing = query.Text("endpointing") is "false" ? null : query.Integer("endpointing", 0, 60_000) ?? 10;
        var smart = query.Flag("smart_format");
        var punctuate = query.Flag("punctuate");
        foreach (var flag in new[] { "no_delay", "numerals", "dictation", "profanity_filter", "detect_entities", "diarize", "filler_words", "mip_opt_out", "multichannel" })
        {
            query.Flag(flag);
        }

        // About four tokens a term; the limit is 500 tokens in all.
        if (query.Texts("keyterm") is { Count: > 0 } terms && (!model.StartsWith("nova-3", StringComparison.Ordinal) || terms.Sum(term => (term.Length / 4) + 1) > 500))
        {
            query.Fail(model.StartsWith("nova-3", StringComparison.Ordinal) ? "Keyterm limit exceeded." : "keyterm is supported by nova-3 only.");
        }

        if (query.Text("keywords") is not null && model.StartsWith("nova-3", StringComparison.Ordinal))
        {
            query.Fail("keywords are not supported by nova-3, use keyterm.");
        }

        foreach (var name in new[] { "language", "version", "redact", "replace", "search", "tag", "extra", "diarize_model" })
        {
            query.Texts(name);
        }

        var vadEvents = query.Flag("vad_events");
        foreach (var other in query.Others)
        {
            query.Fail($"unknown parameter {other}.");
        }

        return new ListenQuery(model, interims, Span(endpointing), Span(utteranceEnd), vadEvents, smart || punctuate);
    }

    private static TimeSpan? Span(int? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;
}
