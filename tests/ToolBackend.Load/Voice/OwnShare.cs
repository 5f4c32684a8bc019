using System.Text.Json;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.Load.Voice;

/// <summary>
/// What the pipeline itself adds to a turn, by the vendors' own clocks: a vendor's delay, also a late one, is not ours.
/// <code>
/// final sent ..ours.. request received | model, to the token that completes the first clause | ..ours.. clause received | voice, to its first byte | ..ours.. frame received
/// </code>
/// With speculation the request follows the eager end of turn, and an answer that was ready before the turn's end waits for it: then all that comes after it is ours.
/// </summary>
internal sealed class OwnShare
{
    private readonly Dictionary<string, List<Clause>> _clauses = new(StringComparer.Ordinal);
    private readonly ILookup<string, Generation> _answers;

    private OwnShare(ElevenLabsSimulator voice, LanguageSimulator model)
    {
        _answers = model.Generations.All.Where(g => VoiceTurn.Of(g.Asked) is not null).ToLookup(g => VoiceTurn.Of(g.Asked)!, StringComparer.Ordinal);
        foreach (var connection in voice.Connections.All)
        {
            var first = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var sent in connection.Sent.Where(s => s.Kind is "audio"))
            {
                first.TryAdd(sent.Detail, sent.At);
            }

            foreach (var received in connection.Received)
            {
                Add(received.Detail, received.At, first);
            }
        }
    }

    public static OwnShare Of(ElevenLabsSimulator voice, LanguageSimulator model) => new(voice, model);

    /// <param name="end">The final or the EndOfTurn was sent.</param>
    /// <param name="eagers">EagerEndOfTurn was sent.</param>
    /// <param name="heard">The first audio was received.</param>
    /// <returns>Null when the turn is not in the vendors' logs.</returns>
    public TimeSpan? Of(string turn, long end, IReadOnlyList<long> eagers, long heard)
    {
        var clause = _clauses.GetValueOrDefault(turn)?.LastOrDefault(c => c.Audio < heard);
        var answer = clause is null ? null : _answers[turn].LastOrDefault(g => g.StartedAt < clause.At);
        if (clause is null || answer is null || answer.TokensAt.Count <= clause.LastToken)
        {
            return null;
        }

        if (clause.Audio <= end)
        {
            return Between(end, heard);
        }

        var asked = eagers.Where(e => e < answer.StartedAt).DefaultIfEmpty(end).Last();
        return Between(asked, answer.StartedAt) + Between(answer.TokensAt[clause.LastToken], clause.At) + Between(clause.Audio, heard);
    }

    private static TimeSpan Between(long from, long to) => TimeProvider.System.GetElapsedTime(from, to);

    private void Add(string message, long at, Dictionary<string, long> firstAudio)
    {
        using var json = JsonDocument.Parse(message);
        if (json.RootElement.TryGetProperty("text", out var text) && json.RootElement.TryGetProperty("context_id", out var id)
            && VoiceTurn.Of(text.GetString()!) is { } turn && firstAudio.TryGetValue(id.GetString()!, out var audio))
        {
            if (!_clauses.TryGetValue(turn, out var clauses))
            {
                _clauses.Add(turn, clauses = []);
            }

            clauses.Add(new Clause(at, audio, LastToken(text.GetString()!)));
        }
    }

    /// <summary>A token is a word: a sentence ends with its own, of a clause without a full stop only the next word tells that its last one is whole.</summary>
    private static int LastToken(string clause) => clause.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length - (clause.TrimEnd() is [.., '.' or '!' or '?'] ? 1 : 0);

    /// <param name="At">It was received.</param>
    /// <param name="Audio">Its first byte was sent.</param>
    /// <param name="LastToken">The token that made it complete.</param>
    private sealed record Clause(long At, long Audio, int LastToken);
}
