using ToolBackend.Core.Resilience;

namespace ToolBackend.Cli.Diagnosis;

internal enum CheckStatus
{
    Ok,

    /// <summary>Works, but not as it should.</summary>
    Warning,

    Failed,

    /// <summary>Not set up, so that there is nothing to look at.</summary>
    Skipped,
}

/// <summary>What is wrong, by what it means for the exit code.</summary>
internal enum CheckArea
{
    Other,
    Key,
    Definitions,
    Drift,
}

/// <summary>What one look found, on one line. Never a key, a secret or a phone number.</summary>
/// <param name="Fix">What to do about it, on one line; null when there is nothing to do.</param>
internal sealed record CheckResult(CheckStatus Status, string Detail, string? Fix = null)
{
    public CheckArea Area { get; init; }

    /// <summary>Round trip, where one was measured.</summary>
    public double? Milliseconds { get; init; }

    public static CheckResult Ok(string detail) => new(CheckStatus.Ok, detail);

    public static CheckResult Warn(string detail, string fix) => new(CheckStatus.Warning, detail, fix);

    public static CheckResult Fail(string detail, string fix, CheckArea area = CheckArea.Other) => new(CheckStatus.Failed, detail, fix) { Area = area };

    public static CheckResult Skip(string detail, string? fix = null) => new(CheckStatus.Skipped, detail, fix);
}

/// <summary>One thing to look at.</summary>
internal sealed record Check(string Name, Func<CancellationToken, Task<CheckResult>> RunAsync)
{
    /// <summary>Looks, for as long as <paramref name="limit"/>. Whatever goes wrong is what was found: no check stops the others.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CheckResult> LookAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        using var deadline = new Deadline(limit, time, cancellation);
        try
        {
            // Not every wait inside hears the token.
            return await Task.Run(() => RunAsync(deadline.Token), CancellationToken.None).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return CheckResult.Fail($"no answer within {limit.TotalSeconds:0.#} s", "check the network between here and there; --timeout waits longer");
        }
        catch (CliException expected)
        {
            return CheckResult.Fail(expected.Message, expected.Fix);
        }
        catch (HttpRequestException unreachable)
        {
            return CheckResult.Fail($"cannot be reached ({unreachable.HttpRequestError})", "check that it runs, and the address, DNS, proxy and firewall on the way");
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            return CheckResult.Fail(OneLine(error), "mend what the message says, then look again");
        }
    }

    private static string OneLine(Exception error)
    {
        var line = string.Join(' ', error.Message.Split((char[])['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 300 ? line : line[..300] + "...";
    }
}
