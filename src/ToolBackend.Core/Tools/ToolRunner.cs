using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Data;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tools;

/// <summary>What goes back to the voice platform for one tool call.</summary>
public readonly record struct ToolAnswer(string Say, bool Failed);

/// <summary>
/// Runs one tool call inside its deadline, whatever happens behind it. Every path ends in a sentence that can be spoken.
/// </summary>
/// <remarks>
/// <code>
/// 0 ms        180 ms                        1500 ms
/// read  ----->| "I can't look that up"       (the load goes on and fills the cache)
/// write ----------------------------------->| "I'm still working on that" (the work goes on; the same delivery or an equal call finds its result)
/// </code>
/// </remarks>
public sealed partial class ToolRunner(
    ToolCatalog catalog, InvocationLog log, LateWork late, DatabaseHealth health, IOptions<ToolOptions> options, TimeProvider time, ILogger<ToolRunner> logger)
{
    private readonly ConcurrentDictionary<(string Call, string ToolCall), UnderWay> _writes = new();
    private readonly ToolOptions _options = options.Value;

    /// <summary>Writes whose work has not ended. The host waits for them when it stops.</summary>
    public int WritesUnderWay => _writes.Count;

    /// <param name="rehearsal">A warm-up: leaves no row in the invocation log and no metric.</param>
    public ValueTask<ToolAnswer> RunAsync(string toolName, string toolCallId, ReadOnlyMemory<byte> arguments, CallContext call, bool rehearsal = false)
    {
        var started = time.GetTimestamp();
        if (catalog.Find(toolName) is not { } tool)
        {
            LogUnknownTool();
            return ValueTask.FromResult(new ToolAnswer("There is no such tool. Offer to transfer the caller to a person.", true));
        }

        var context = new ToolContext(call, toolCallId, Instant.FromDateTimeOffset(time.GetUtcNow())) { IsRehearsal = rehearsal };
        return tool.Effect is ToolEffect.Read ? ReadAsync(tool, arguments, context, started) : WriteAsync(tool, arguments, context, started);
    }

    private ValueTask<ToolAnswer> ReadAsync(Tool tool, ReadOnlyMemory<byte> arguments, ToolContext context, long started)
    {
        var running = GuardAsync(tool, arguments, context);
        return running.IsCompletedSuccessfully
            ? ValueTask.FromResult(Answer(tool, context, started, running.Result))
            : SlowAsync(running);

        async ValueTask<ToolAnswer> SlowAsync(ValueTask<ToolOutcome> pending)
        {
            var outcome = await WithinAsync(pending.AsTask(), _options.ReadDeadlineMilliseconds, static () => new LookupUnavailable()).ConfigureAwait(false);
            return Answer(tool, context, started, outcome);
        }
    }

    private async ValueTask<ToolAnswer> WriteAsync(Tool tool, ReadOnlyMemory<byte> arguments, ToolContext context, long started)
    {
        var key = (context.Call.CallId, context.ToolCallId);
        if (key.CallId.Length == 0 || key.ToolCallId.Length == 0)
        {
            // Nothing names this delivery, so it joins nobody's work: an equal call of another caller would hear the answer to the first.
            key = (key.CallId, $"unnamed {Guid.CreateVersion7(time.GetUtcNow())}");
        }

        var fingerprint = tool.Fingerprint(arguments);

        // A second delivery joins the first one's work in this process; across processes the ledger row makes it wait.
        var mine = new UnderWay(fingerprint);
        if (!_writes.TryGetValue(key, out var current))
        {
            // A request after one that failed does real work.
            if (late.TryTake(context.Call.CallId, fingerprint, out var work) && !(work.IsCompleted && (await work.ConfigureAwait(false)).Failed))
            {
                return await UntilWallAsync(tool, context, work, fingerprint, started).ConfigureAwait(false);
            }

            if (_writes.Count >= _options.MaxWritesUnderWay)
            {
                return Answer(tool, context, started, new NothingChanged());
            }

            current = _writes.GetOrAdd(key, mine);
        }

        if (ReferenceEquals(current, mine))
        {
            // The arguments live in the request's buffer, which is gone when the work outlives the request.
            _ = FinishAsync(tool, arguments.ToArray(), context, key, mine);
        }
        else if (!current.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            return Answer(tool, context, started, new KeyReused());
        }

        return await UntilWallAsync(tool, context, current.Outcome, fingerprint, started).ConfigureAwait(false);
    }

    private async Task<ToolAnswer> UntilWallAsync(Tool tool, ToolContext context, Task<ToolOutcome> work, byte[] fingerprint, long started)
    {
        var wall = health.IsSlow ? _options.WallWhenSlowMilliseconds : _options.WallMilliseconds;
        var outcome = await WithinAsync(work, wall, () =>
        {
            late.Keep(context.Call.CallId, fingerprint, work);
            Telemetry.ToolsAtWall.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Tool, tool.Name));
            return new StillWorking();
        }).ConfigureAwait(false);
        return Answer(tool, context, started, outcome);
    }

    /// <summary>Owner of a write's work: it ends by itself (every step has a deadline) and then frees its key.</summary>
    private async Task FinishAsync(Tool tool, byte[] arguments, ToolContext context, (string, string) key, UnderWay work)
    {
        try
        {
            work.SetResult(await GuardAsync(tool, arguments, context).ConfigureAwait(false));
        }
        finally
        {
            _writes.TryRemove(key, out _);
        }
    }

    /// <summary>The boundary: a dependency's failure becomes a sentence, a bug is logged once and becomes one too. Never throws.</summary>
    private async ValueTask<ToolOutcome> GuardAsync(Tool tool, ReadOnlyMemory<byte> arguments, ToolContext context)
    {
        using var span = Telemetry.Spans.StartActivity(Telemetry.Span.Tool);
        span?.SetTag(Telemetry.Tag.Tool, tool.Name);
        try
        {
            var outcome = await tool.InvokeAsync(arguments, context).ConfigureAwait(false);
            span?.SetTag(Telemetry.Tag.Outcome, outcome.Code);
            return outcome;
        }
        catch (UpstreamException e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Failure.ToString());
            LogUpstream(tool.Name, e.Dependency, e.Failure);
            return tool.Effect is ToolEffect.Read ? new LookupUnavailable()
                : e.Failure is UpstreamFailure.InProgress ? new StillWorking()
                : e.OutcomeIsUnknown ? new OutcomeUnknown()
                : new NothingChanged();
        }
        catch (Exception e)
        {
            // The type only: messages of other people's exceptions may carry values.
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            LogBug(tool.Name, e.GetType().FullName!, e.StackTrace);
            return tool.Effect is ToolEffect.Read ? new LookupUnavailable() : new OutcomeUnknown();
        }
    }

    private async Task<ToolOutcome> WithinAsync(Task<ToolOutcome> work, int milliseconds, Func<ToolOutcome> otherwise)
    {
        try
        {
            return await work.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return otherwise();
        }
    }

    private ToolAnswer Answer(Tool tool, ToolContext context, long started, ToolOutcome outcome)
    {
        if (context.IsRehearsal)
        {
            return new ToolAnswer(Phrases.SingleLine(outcome.Say), outcome.Failed);
        }

        var took = time.GetElapsedTime(started);
        if (Telemetry.ToolDuration.Enabled)
        {
            Telemetry.ToolDuration.Record(took.TotalSeconds, new TagList
            {
                { Telemetry.Tag.Tool, tool.Name }, { Telemetry.Tag.Outcome, outcome.Code }, { Telemetry.Tag.Source, SourceName(context.Source) },
            });
        }

        log.Append(new Invocation(
            time.GetUtcNow(), context.Call.CallId, context.ToolCallId, tool.Name, outcome.Code, outcome.Failed, SourceName(context.Source), (float)took.TotalMilliseconds, context.Call.Scope.PhoneHash));
        return new ToolAnswer(Phrases.SingleLine(outcome.Say), outcome.Failed);
    }

    private static string SourceName(CacheSource? source) => source switch
    {
        CacheSource.Memory => "memory",
        CacheSource.Redis => "redis",
        CacheSource.Database => "database",
        CacheSource.Stale => "stale",
        _ => "none",
    };

    private sealed class UnderWay(byte[] fingerprint) : TaskCompletionSource<ToolOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public byte[] Fingerprint { get; } = fingerprint;

        public Task<ToolOutcome> Outcome => Task;
    }

    [LoggerMessage(1201, LogLevel.Warning, "A tool that does not exist was called: the assistant's definition names tools that this version does not have")]
    private partial void LogUnknownTool();

    [LoggerMessage(1202, LogLevel.Warning, "{Tool}: {Dependency} is {Failure}; the caller was told")]
    private partial void LogUpstream(string tool, string dependency, UpstreamFailure failure);

    [LoggerMessage(1203, LogLevel.Error, "{Tool} failed with {Exception}; the caller was told. {StackTrace}")]
    private partial void LogBug(string tool, string exception, string? stackTrace);
}
