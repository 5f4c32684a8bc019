using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>What a client asks of <c>/v2/listen</c>. Parameters of v1 are refused.</summary>
internal sealed record FluxQuery(string Model, FluxThresholds Thresholds)
{
    public bool IsKnownModel => Model is "flux-general-en" or "flux-general-multi";

    /// <summary>Reads the query; what is wrong is told by <see cref="QueryReader.Error"/>.</summary>
    public static FluxQuery Read(QueryReader query)
    {
        var model = query.Text("model");
        if (model is null)
        {
            query.Fail("model is required.");
        }

        PhoneAudio.Check(query);
        var thresholds = new FluxThresholds(
            query.Number("eot_threshold", 0.5, 1) ?? 0.7, query.Number("eager_eot_threshold", 0.3, 0.9), query.Integer("eot_timeout_ms", 500, 60_000) ?? 5000);
        if (thresholds.Eager > thresholds.EndOfTurn)
        {
            query.Fail("eager_eot_threshold must not be above eot_threshold.");
        }

        if (query.Texts("keyterm").Count > 100)
        {
            query.Fail("Keyterm limit exceeded.");
        }

        if (query.Texts("language_hint").Count > 0 && model != "flux-general-multi")
        {
            query.Fail("language_hint is supported by flux-general-multi only.");
        }

        query.Choice("redact", "numbers", "aggressive_numbers");
        foreach (var flag in new[] { "profanity_filter", "numerals", "mip_opt_out" })
        {
            query.Flag(flag);
        }

        query.Texts("tag");
        foreach (var other in query.Others)
        {
            query.Fail($"unknown parameter {other}.");
        }

        return new FluxQuery(model ?? string.Empty, thresholds);
    }
}
