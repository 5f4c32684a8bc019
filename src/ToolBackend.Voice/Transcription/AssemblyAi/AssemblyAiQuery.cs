using System.Text;
using System.Text.Json;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Transcription.AssemblyAi;

/// <summary>What of a definition is asked of AssemblyAI, as path and query. The encoding is always said: without it mu-law is taken for something else, and nothing reports it.</summary>
internal static class AssemblyAiQuery
{
    private const int MostKeyTerms = 100;
    private const int LongestKeyTerm = 50;

    internal static string Of(TranscriberModel settings)
    {
        var english = settings.Language is null || settings.Language.StartsWith("en", StringComparison.OrdinalIgnoreCase);
        var query = new StringBuilder("/v3/ws?sample_rate=8000&encoding=pcm_mulaw&format_turns=false&speech_model=")
            .Append(Uri.EscapeDataString(settings.Model ?? (english ? "universal-streaming-english" : "universal-streaming-multilingual")));
        var terms = settings.KeyTerms.Where(static t => !string.IsNullOrWhiteSpace(t) && t.Length <= LongestKeyTerm).Take(MostKeyTerms).ToArray();
        if (terms.Length > 0)
        {
            query.Append("&keyterms_prompt=").Append(Uri.EscapeDataString(JsonSerializer.Serialize(terms)));
        }

        return query.ToString();
    }
}
