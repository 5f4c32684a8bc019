using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>What a client asks of a websocket.</summary>
internal sealed record VoiceQuery(string Model, bool IsAuto, bool HasAlignment, TimeSpan InactivityTimeout)
{
    private static readonly string[] s_models =
        ["eleven_flash_v2_5", "eleven_flash_v2", "eleven_turbo_v2_5", "eleven_turbo_v2", "eleven_multilingual_v2"];

    public bool IsKnownModel => s_models.Contains(Model, StringComparer.Ordinal);

    /// <summary>Reads the query; what is wrong is told by <see cref="QueryReader.Error"/>.</summary>
    public static VoiceQuery Read(QueryReader query)
    {
        var model = query.Text("model_id") ?? "eleven_multilingual_v2";
        if (model == "eleven_v3")
        {
            query.Fail("The model eleven_v3 is not available on websockets.");
        }

        if (query.Text("output_format") != "ulaw_8000")
        {
            query.Fail("output_format=ulaw_8000 is required in the query: the simulator knows telephone audio only.");
        }

        if (query.Choice("apply_text_normalization", "auto", "on", "off") == "on" && model.EndsWith("_v2_5", StringComparison.Ordinal))
        {
            query.Fail("apply_text_normalization=on is not available for this model.");
        }

        if (query.Text("language_code") is not null && !model.EndsWith("_v2_5", StringComparison.Ordinal))
        {
            query.Fail("language_code is not supported by this model.");
        }

        query.Number("seed", 0, uint.MaxValue);
        query.Integer("optimize_streaming_latency", 0, 4);
        query.Flag("enable_logging");
        query.Flag("enable_ssml_parsing");
        query.Flag("apply_language_text_normalization");
        var seconds = query.Integer("inactivity_timeout", 1, int.MaxValue) ?? 20;
        return new VoiceQuery(model, query.Flag("auto_mode"), query.Flag("sync_alignment"), TimeSpan.FromSeconds(Math.Min(seconds, 180)));
    }
}
