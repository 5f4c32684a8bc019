using System.Collections.Concurrent;
using ToolBackend.Core.Resilience;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>A sentence that is the same in every call, in the voice that says it.</summary>
internal readonly record struct FixedSentence(VoiceLink Voice, string Text);

/// <summary>One try of everything that is missing. A voice that fails is not asked again in it.</summary>
internal sealed class PreparationRound(SpeechCache cache, int atOnce, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan s_sentence = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<VoiceLink, ProviderException> _failed = new();
    private readonly ConcurrentBag<FixedSentence> _left = [];

    /// <summary>Why something is left; the provider's name, the fault and the code.</summary>
    public string Fault => _failed.Values.FirstOrDefault()?.Message ?? "none";

    /// <returns>What is still missing.</returns>
    public async Task<List<FixedSentence>> RunAsync(List<FixedSentence> wanted)
    {
        var missing = new ConcurrentQueue<FixedSentence>();
        foreach (var sentence in wanted)
        {
            if (cache.Find(sentence.Voice, sentence.Text) is { } made)
            {
                await cache.ShareAsync(sentence.Voice, sentence.Text, made).ConfigureAwait(false); // a call was faster
            }
            else if (!await cache.FetchAsync(sentence.Voice, sentence.Text).ConfigureAwait(false))
            {
                missing.Enqueue(sentence);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(missing.Count, atOnce)).Select(_ => WorkAsync(missing))).ConfigureAwait(false);
        return [.. wanted.Where(_left.Contains)];
    }

    /// <summary>One of those that work at once: a connection per voice, one sentence after the other.</summary>
    private async Task WorkAsync(ConcurrentQueue<FixedSentence> missing)
    {
        var open = new Dictionary<VoiceLink, ISynthesizer>();
        try
        {
            while (missing.TryDequeue(out var sentence))
            {
                stopping.ThrowIfCancellationRequested();
                if (_failed.ContainsKey(sentence.Voice))
                {
                    _left.Add(sentence);
                    continue;
                }

                try
                {
                    var voice = open.TryGetValue(sentence.Voice, out var opened) ? opened : open[sentence.Voice] = sentence.Voice.Provider.Open(sentence.Voice.Voice);
                    var audio = await SpeakAsync(voice, sentence.Text).ConfigureAwait(false);
                    cache.Keep(sentence.Voice, sentence.Text, audio);
                    await cache.ShareAsync(sentence.Voice, sentence.Text, audio).ConfigureAwait(false);
                }
                catch (ProviderException fault)
                {
                    _failed[sentence.Voice] = fault;
                    _left.Add(sentence);
                }
            }
        }
        finally
        {
            foreach (var voice in open.Values)
            {
                await voice.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="ProviderException">It could not be made, or not in time.</exception>
    private async Task<IReadOnlyList<SpeechAudio>> SpeakAsync(ISynthesizer voice, string text)
    {
        using var deadline = new Deadline(s_sentence, time, stopping);
        try
        {
            await using var speech = voice.Begin();
            speech.Write(text + " ", flush: true);
            speech.Complete();
            var all = new List<SpeechAudio>();
            await foreach (var audio in speech.Audio.ReadAllAsync(deadline.Token).ConfigureAwait(false))
            {
                all.Add(audio);
            }

            return all;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new ProviderException(voice.Provider, ProviderFault.TimedOut, "sentence");
        }
    }
}
