using Microsoft.Extensions.Logging;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Leadership;

/// <summary>Runs one job again and again for as long as this process leads. The only place where a job's failure is caught.</summary>
internal sealed partial class JobLoop(LeaderJob job, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Returns when <paramref name="term"/> is over.</summary>
    public async Task RunAsync(CancellationToken term)
    {
        var failures = 0;
        while (!term.IsCancellationRequested)
        {
            failures = await TryRunAsync(failures, term) ? 0 : failures + 1;
            await Task.Delay(WaitAfter(failures, job.Interval), time, term).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>After a failure soon, then ever later, but a job that is rare anyway not more rarely than it is.</summary>
    internal static TimeSpan WaitAfter(int failures, TimeSpan interval)
    {
        if (failures == 0)
        {
            return interval;
        }

        var longest = s_longestRetry > interval ? s_longestRetry : interval;
        var wait = s_firstRetry * Math.Pow(2, Math.Min(failures - 1, 20));
        return wait < longest ? wait : longest;
    }

    private async Task<bool> TryRunAsync(int failures, CancellationToken term)
    {
        using var deadline = new CancellationTokenSource(job.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(term, deadline.Token);
        try
        {
            await job.RunAsync(either.Token);
            Count("done");
            return true;
        }
        catch (Exception) when (term.IsCancellationRequested)
        {
            return true; // cut off: the next leader goes on
        }
        catch (UpstreamException e)
        {
            Count("upstream");
            LogPutOff(job.Name, e.Dependency, e.Failure, failures + 1);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            Count("late");
            LogLate(job.Name, job.Deadline.TotalSeconds);
        }
        catch (Exception e)
        {
            Count("bug");
            LogBug(job.Name, e.GetType().FullName!, (e as Npgsql.PostgresException)?.SqlState ?? "-", e.StackTrace);
        }

        return false;
    }

    private void Count(string outcome) =>
        Telemetry.JobRuns.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Job, job.Name), new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, outcome));

    [LoggerMessage(1704, LogLevel.Warning, "The job {Job} was put off: {Dependency} failed ({Failure}), {Failures} times in a row")]
    private partial void LogPutOff(string job, string dependency, UpstreamFailure failure, int failures);

    [LoggerMessage(1705, LogLevel.Warning, "The job {Job} was not done within {Seconds} s and starts again")]
    private partial void LogLate(string job, double seconds);

    // The type and the state only: messages of other people's exceptions may carry values.
    [LoggerMessage(1706, LogLevel.Error, "The job {Job} failed: {Exception} {SqlState}. {StackTrace}")]
    private partial void LogBug(string job, string exception, string sqlState, string? stackTrace);
}
