using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// Sentences that a voice says again and again (first messages, prompts, apologies), synthesised once per voice, its settings and the text. In memory, the least used dropped; bounded.
/// </summary>
public sealed class SpeechCache
{
    /// <summary>Some 4 hours of speech would be 115 MB; a business has minutes.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, IReadOnlyList<SpeechAudio> Audio, int Bytes)>> _kept = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, IReadOnlyList<SpeechAudio> Audio, int Bytes)> _byUse = new();
    private int _bytes;

    public IReadOnlyList<SpeechAudio>? Find(VoiceModel voice, string text)
    {
        var key = Key(voice, text);
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Audio;
        }
    }

    /// <param name="audio">All of it, in order.</param>
    public void Keep(VoiceModel voice, string text, IReadOnlyList<SpeechAudio> audio)
    {
        var key = Key(voice, text);
        var bytes = audio.Sum(a => a.MuLaw.Length);
        lock (_gate)
        {
            if (bytes > MostBytes / 8 || _kept.ContainsKey(key))
            {
                return;
            }

            _kept.Add(key, _byUse.AddFirst((key, audio, bytes)));
            _bytes += bytes;
            while (_bytes > MostBytes && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _kept.Remove(last.Value.Key);
                _bytes -= last.Value.Bytes;
            }
        }
    }

    private static string Key(VoiceModel voice, string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new { voice.Provider, voice.VoiceId, voice.Model, voice.Language, voice.Stability, voice.SimilarityBoost, voice.Style, voice.Speed, voice.UseSpeakerBoost, text }))));
}
