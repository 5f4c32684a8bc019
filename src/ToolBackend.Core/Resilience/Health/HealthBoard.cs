using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Resilience.Health;

/// <summary>
/// The health of every provider on this replica, a <see cref="ProviderHealth"/> each. Asked and told at any time from any thread, never waits. A second's beat lets time pass, probes who is due,
/// and trades standings with the other replicas; without Redis each is on its own.
/// </summary>
public sealed partial class HealthBoard(SharedHealth shared, TimeProvider time, Random random, ILogger<HealthBoard> logger) : BackgroundService
{
    private const int MostRecent = 100;
    private const int Fine = 1 << 20;

    /// <summary>For a probe that does not keep its own deadline.</summary>
    private static readonly TimeSpan s_probeLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ProviderWatch> _watches = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HealthChange> _recent = new();

    /// <summary>The latest transitions, the oldest first.</summary>
    public IReadOnlyCollection<HealthChange> Recent => [.. _recent];

    public IReadOnlyList<ProviderStanding> Standings => [.. _watches.Values.Select(w => w.Standing).OrderBy(s => s.Provider, StringComparer.Ordinal)];

    /// <summary>Watches a provider. One that was named before by <see cref="Admits"/> or <see cref="Report"/> begins anew.</summary>
    public void Watch(WatchedProvider provider) => _watches[provider.Name] = new ProviderWatch(provider, Chance);

    /// <summary>Whether a new call may go there now. Of providers that have no probe, one call at a time is let in as one.</summary>
    public bool Admits(string provider) => WatchOf(provider).Admits(time.GetUtcNow());

    /// <summary>What a call met there.</summary>
    public void Report(string provider, HealthEvent what)
    {
        var watch = WatchOf(provider);
        Tell(watch, watch.Step(what, time.GetUtcNow()), isTold: false);
    }

    /// <summary>One beat: time passes, who is due is probed, and replicas trade what they know.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        foreach (var watch in _watches.Values)
        {
            Tell(watch, watch.Step(new HealthEvent.Tick(), time.GetUtcNow()), isTold: false);
        }

        await Task.WhenAll(_watches.Values.Select(watch => ProbeAsync(watch, cancellation)).Append(TradeAsync()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(s_beat, time);
        Telemetry.Meter.CreateObservableGauge("toolbackend.provider.phase", Phases, "{phase}", "Health of a provider: 0 healthy, 1 suspect, 2 down, 3 probation");
        await BeatAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested && await beat.WaitForNextTickAsync(stoppingToken))
        {
            await BeatAsync(stoppingToken);
        }
    }

    private IEnumerable<Measurement<int>> Phases() =>
        _watches.Values.Select(w => new Measurement<int>((int)w.Standing.State.Phase, new KeyValuePair<string, object?>(Telemetry.Tag.Provider, w.Provider.Name)));

    private ProviderWatch WatchOf(string provider) => _watches.GetOrAdd(provider, name => new ProviderWatch(new WatchedProvider(name, HealthRules.Default), Chance));

    private double Chance() => random.Next(Fine) / (double)Fine;

    private async Task ProbeAsync(ProviderWatch watch, CancellationToken cancellation)
    {
        if (watch.Provider.Probe is not { } probe || !ProviderHealth.IsProbeDue(watch.Standing.State, time.GetUtcNow()))
        {
            return;
        }

        HealthCause? failure;
        using var deadline = new Deadline(s_probeLimit, time, cancellation);
        try
        {
            failure = await probe(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failure = HealthCause.Late;
        }

        Tell(watch, watch.Step(failure is { } cause ? new HealthEvent.ProbeFailed(cause) : new HealthEvent.ProbeServed(), time.GetUtcNow()), isTold: false);
    }

    private async Task TradeAsync()
    {
        if (_watches.IsEmpty || await shared.ReadAsync() is not { } others)
        {
            return;
        }

        foreach (var watch in _watches.Values)
        {
            var other = others.GetValueOrDefault(watch.Provider.Name);
            if (other is not null && other.Version > watch.Standing.Version)
            {
                Tell(watch, watch.Adopt(other, time.GetUtcNow()), isTold: true);
            }
            else if (watch.Standing.Version > (other?.Version ?? 0))
            {
                await shared.PutAsync(watch.Provider.Name, watch.Shared);
            }
        }
    }

    private void Tell(ProviderWatch watch, HealthTransition? transition, bool isTold)
    {
        if (transition is null)
        {
            return;
        }

        var name = watch.Provider.Name;
        Telemetry.ProviderTransitions.Add(
            1,
            new KeyValuePair<string, object?>(Telemetry.Tag.Provider, name),
            new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, transition.To.ToString().ToLowerInvariant()),
            new KeyValuePair<string, object?>(Telemetry.Tag.Reason, transition.Cause?.ToString().ToLowerInvariant() ?? "none"));
        _recent.Enqueue(new HealthChange(time.GetUtcNow(), name, transition, isTold));
        while (_recent.Count > MostRecent)
        {
            _recent.TryDequeue(out _);
        }

        var seenBy = isTold ? "another replica" : "this replica";
        switch (transition)
        {
            case { To: HealthPhase.Down, For: { } wait }:
                LogDown(name, transition.Cause, seenBy, wait.TotalSeconds);
                break;
            case { To: HealthPhase.Down }:
                LogRefused(name, seenBy);
                break;
            case { To: HealthPhase.Suspect }:
                LogSuspect(name, transition.Cause, seenBy);
                break;
            case { To: HealthPhase.Probation }:
                LogProbation(name, watch.Provider.Rules.TrialShare * 100, seenBy);
                break;
            default:
                LogHealthy(name, seenBy);
                break;
        }
    }

    [LoggerMessage(1801, LogLevel.Warning, "{Provider} is down ({Cause}, seen by {SeenBy}): new calls go elsewhere, live ones go on. It is asked again in {Seconds:0} s")]
    private partial void LogDown(string provider, HealthCause? cause, string seenBy, double seconds);

    [LoggerMessage(1802, LogLevel.Error, "{Provider} refuses our key (seen by {SeenBy}): new calls go elsewhere until its configuration is changed and the host restarted")]
    private partial void LogRefused(string provider, string seenBy);

    [LoggerMessage(1803, LogLevel.Warning, "{Provider} has failed ({Cause}, seen by {SeenBy}). Calls still go there; two more failures within 10 s take it out")]
    private partial void LogSuspect(string provider, HealthCause? cause, string seenBy);

    [LoggerMessage(1804, LogLevel.Information, "{Provider} answers again (seen by {SeenBy}): {Percent:0} % of new calls go there on trial for a minute")]
    private partial void LogProbation(string provider, double percent, string seenBy);

    [LoggerMessage(1805, LogLevel.Information, "{Provider} is healthy (seen by {SeenBy}): new calls go there")]
    private partial void LogHealthy(string provider, string seenBy);
}
