using System.Text.Json;
using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>What a client asks of <c>/v3/ws</c>.</summary>
/// <param name="InactivityTimeout">Null: none.</param>
internal sealed record StreamQuery(string Encoding, int SampleRate, string Model, bool FormatTurns, TurnSettings Turns, TimeSpan? InactivityTimeout)
{
    /// <summary>Other audio is taken, and nothing is heard in it.</summary>
    public bool IsPhoneAudio => Encoding == "pcm_mulaw" && SampleRate == 8000;

    public int BytesPerSecond => SampleRate * (Encoding == "pcm_mulaw" ? 1 : 2);

    public bool IsU3 => Model.StartsWith("u3", StringComparison.Ordinal) || Model.StartsWith("universal-3", StringComparison.Ordinal);

    /// <summary>Reads the query; what is wrong is told by <see cref="QueryReader.Error"/>.</summary>
    public static StreamQuery Read(QueryReader query)
    {
        var model = query.Text("speech_model") ?? "universal-streaming-english";
        var encoding = query.Choice("encoding", "pcm_s16le", "pcm_mulaw", "opus", "ogg_opus") ?? "pcm_s16le";
        var rate = query.Integer("sample_rate", 8000, 96_000) ?? 16_000;
        var turns = TurnSettings.Of(model);
        turns = turns with
        {
            Threshold = query.Number("end_of_turn_confidence_threshold", 0, 1) ?? turns.Threshold,
            MinSilence = Span(query.Integer("min_turn_silence", 0, 60_000) ?? query.Integer("min_end_of_turn_silence_when_confident", 0, 60_000)) ?? turns.MinSilence,
            MaxSilence = Span(query.Integer("max_turn_silence", 0, 60_000)) ?? turns.MaxSilence,
        };
        if (query.Text("keyterms_prompt") is { } terms && !AreTerms(terms))
        {
            query.Fail("keyterms_prompt must be a JSON array of at most 100 terms of at most 50 characters.");
        }

        query.Number("vad_threshold", 0, 1);
        var inactivity = query.Integer("inactivity_timeout", 5, 3600);
        return new StreamQuery(encoding, rate, model, query.Flag("format_turns"), turns, inactivity is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static TimeSpan? Span(int? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;

    private static bool AreTerms(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) is { Length: <= 100 } terms && terms.All(term => term.Length <= 50);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
