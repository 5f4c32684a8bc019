using System.Collections.Immutable;
using System.Diagnostics;
using ToolBackend.Core.Observability;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>The attempts of one request, until one of them gives something. What to do next is <see cref="ChainPolicy"/>'s to say.</summary>
internal sealed class ChainRace(
    IReadOnlyList<ChainLink> links, ModelRequest request, LanguageOptions options, ChainHealth health, TimeProvider time, ChainTrace trace, CancellationToken cancellation)
    : IAsyncDisposable
{
    private readonly List<ChainAttempt> _attempts = [];
    private readonly long _startedAt = time.GetTimestamp();
    private readonly ImmutableArray<bool> _open = [.. links.Select(link => health.IsOpen(link))];

    private TimeSpan Now => time.GetElapsedTime(_startedAt);

    /// <summary>The first attempt that gave something. All others are given up.</summary>
    /// <exception cref="ProviderException">Nobody did; it is the last one's failure.</exception>
    public async Task<ChainAttempt> WinnerAsync()
    {
        var mayRetry = true;
        while (true)
        {
            foreach (var attempt in _attempts)
            {
                if (attempt is { Failure: null, First.IsCompleted: true })
                {
                    await attempt.First; // the caller's cancellation, or a bug
                    if (attempt.Failure is null)
                    {
                        await WonAsync(attempt);
                        return attempt;
                    }
                }
            }

            switch (ChainPolicy.Next(new ChainView(_open, [.. _attempts.Select(attempt => attempt.View)], Now, request.Tools.Count > 0, mayRetry), options))
            {
                case ChainStep.Start start when start.IsRepeat && !health.Budget.TryTake(links[start.Link].Provider.Name):
                    mayRetry = false;
                    break;
                case ChainStep.Start start:
                    Start(start);
                    break;
                case ChainStep.Wait wait:
                    await WaitAsync(wait.Until);
                    break;
                default:
                    throw await LostAsync();
            }
        }
    }

    /// <summary>An attempt that had won, and failed before anything of it was handed out: the race goes on.</summary>
    public void Fell(ChainAttempt attempt) => health.Report(attempt.Provider, attempt.Failure);

    public async ValueTask DisposeAsync()
    {
        foreach (var attempt in _attempts)
        {
            await attempt.DisposeAsync();
        }
    }

    private void Start(ChainStep.Start start)
    {
        var link = links[start.Link];
        if (!start.IsRepeat)
        {
            health.Budget.Note(link.Provider.Name);
        }

        trace.Attempts++;
        switch (start.Why)
        {
            case StartReason.Hedge:
                trace.Hedges++;
                Telemetry.LanguageHedges.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Provider, _attempts[^1].Provider.Provider.Name));
                break;
            case StartReason.Failover or StartReason.Retry:
                trace.Failovers++;
                Telemetry.LanguageFailovers.Add(
                    1, new KeyValuePair<string, object?>(Telemetry.Tag.Provider, _attempts[^1].Provider.Provider.Name), new KeyValuePair<string, object?>(Telemetry.Tag.Reason, Reason(_attempts[^1].Failure)));
                break;
        }

        _attempts.Add(new ChainAttempt(start.Link, link, start.Form, start.Why, Now, request, cancellation));
    }

    private async Task WaitAsync(TimeSpan until)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = _attempts.Where(attempt => attempt.Failure is null).ToList();
        var wait = until - Now;
        var late = Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, done.Token);
        await Task.WhenAny([late, .. running.Select(attempt => attempt.First)]);
        await done.CancelAsync();
        await late.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        foreach (var failed in running.Where(attempt => attempt.Failure is not null))
        {
            health.Report(failed.Provider, failed.Failure);
        }
    }

    private async Task WonAsync(ChainAttempt winner)
    {
        trace.Provider = winner.Provider.Provider.Name;
        trace.Model = winner.Provider.Model;
        trace.FirstToken = Now;
        if (!health.IsRehearsal)
        {
            Telemetry.LanguageFirstToken.Record(
                Now.TotalSeconds, new TagList { { Telemetry.Tag.Provider, winner.Provider.Provider.Name }, { Telemetry.Tag.Model, winner.Provider.Model } });
        }

        health.Report(winner.Provider, null);
        foreach (var loser in _attempts.Where(attempt => attempt != winner && attempt.Failure is null))
        {
            ReportLate(loser);
            await loser.GiveUpAsync();
        }
    }

    private async Task<ProviderException> LostAsync()
    {
        foreach (var running in _attempts.Where(attempt => attempt.Failure is null))
        {
            ReportLate(running);
            await running.GiveUpAsync();
        }

        var failure = _attempts.LastOrDefault(attempt => attempt.Failure is not null)?.Failure;
        var lost = failure ?? new ProviderException(_attempts[^1].Provider.Provider.Name, ProviderFault.TimedOut, "first_token");
        Telemetry.LanguageFailures.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Provider, lost.Provider), new KeyValuePair<string, object?>(Telemetry.Tag.Reason, Reason(lost)));
        return lost;
    }

    private void ReportLate(ChainAttempt attempt)
    {
        if (Now - attempt.StartedAt >= options.HedgeAfter)
        {
            health.Report(attempt.Provider, new ProviderException(attempt.Provider.Provider.Name, ProviderFault.TimedOut, "first_token"));
        }
    }

    private static string Reason(ProviderException? failure) => failure?.Fault.ToString() ?? "none";
}
