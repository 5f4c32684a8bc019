using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis;

/// <summary>A voice of a chain and who speaks it.</summary>
public sealed record VoiceLink(ISynthesizerProvider Provider, VoiceModel Voice);

/// <summary>What was given up for what.</summary>
/// <param name="To">The same as before when it was only connected again; null: nobody was left.</param>
internal sealed record VoiceChange(string From, string? To, ProviderFault Fault, string? Code);

/// <summary>
/// The voices of one call: an utterance that breaks off is gone on with, by the same voice over a new connection or by the next one (<see cref="VoiceSwitch"/>). A voice that took over keeps the
/// call: two changes are worse than one. Only the first voice is connected beforehand; another when one is suspected or has failed.
/// </summary>
public sealed class ResilientSynthesizer : ISynthesizer
{
    private readonly IReadOnlyList<VoiceLink> _chain;
    private readonly IProviderGate _gate;
    private readonly SynthesisOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<VoiceChange> _changed;
    private readonly Lock _lock = new();
    private readonly ISynthesizer?[] _open;
    private readonly bool[] _served;
    private int _speaking;

    /// <param name="chain">At least one.</param>
    internal ResilientSynthesizer(IReadOnlyList<VoiceLink> chain, IProviderGate gate, SynthesisOptions options, TimeProvider time, Action<VoiceChange> changed)
    {
        (_chain, _gate, _options, _time, _changed) = (chain, gate, options, time, changed);
        (_open, _served) = (new ISynthesizer?[chain.Count], new bool[chain.Count]);
        _speaking = Math.Max(0, IsOpen().IndexOf(true));
        Warm(_speaking);
    }

    public string Provider => Voice.Voice.Provider;

    /// <summary>The voice that speaks now.</summary>
    public VoiceLink Voice => _chain[Volatile.Read(ref _speaking)];

    /// <summary>All that may speak, in the order in which they are asked.</summary>
    public IReadOnlyList<VoiceLink> Voices => _chain;

    public ISpeechStream Begin() => new ResilientSpeech(this, Volatile.Read(ref _speaking), _options, _time);

    public async ValueTask DisposeAsync()
    {
        ISynthesizer[] open;
        lock (_lock)
        {
            open = [.. _open.OfType<ISynthesizer>()];
        }

        await Task.WhenAll(open.Select(s => s.DisposeAsync().AsTask()));
    }

    internal ISpeechStream Begin(int voice) => Warm(voice).Begin();

    /// <summary>Begins to connect, if it has not.</summary>
    internal ISynthesizer Warm(int voice)
    {
        lock (_lock)
        {
            return _open[voice] ??= _chain[voice].Provider.Open(_chain[voice].Voice);
        }
    }

    internal void Served(int voice)
    {
        Volatile.Write(ref _served[voice], true);
        _gate.Report(_chain[voice].Voice.Provider, null);
    }

    internal bool HasServed(int voice) => Volatile.Read(ref _served[voice]);

    /// <summary>Tells of a failure and picks who goes on; null for nobody.</summary>
    internal int? Fail(IReadOnlyList<VoiceFailure> failures, ProviderException fault)
    {
        var failed = _chain[failures[^1].Voice].Voice.Provider;
        _gate.Report(failed, fault.Fault);
        var next = Next(failures);
        if (next is { } voice)
        {
            Volatile.Write(ref _speaking, voice);
        }

        _changed(new VoiceChange(failed, next is { } to ? _chain[to].Voice.Provider : null, fault.Fault, fault.Code));
        return next;
    }

    /// <summary>Who would go on.</summary>
    internal int? Next(IReadOnlyList<VoiceFailure> failures) => VoiceSwitch.Next(failures, IsOpen());

    private List<bool> IsOpen() => [.. _chain.Select(link => _gate.IsOpen(link.Voice.Provider))];
}
