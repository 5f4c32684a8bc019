namespace ToolBackend.Cli.Diagnosis;

/// <summary>Whether an address can be reached, how far it is, and how far the two clocks are apart.</summary>
internal sealed class DistanceCheck(Probe probe, Uri address)
{
    private const int Rounds = 5;
    private const double Far = 150;

    // Webhooks are refused when the clocks are five minutes apart; a Date header is a whole second.
    private static readonly TimeSpan s_noticeable = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_bad = TimeSpan.FromSeconds(60);

    public async Task<CheckResult> ReachAsync(CancellationToken cancellation)
    {
        // The first one connects.
        await probe.GetAsync(address, cancellation);
        var rounds = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            rounds.Add((await probe.GetAsync(address, cancellation)).Milliseconds);
        }

        var median = rounds.Order().ElementAt(Rounds / 2);
        var detail = $"{address.Host}: {median:0} ms (median of {Rounds} round trips)";
        return (median <= Far ? CheckResult.Ok(detail) : CheckResult.Warn(detail, "run the hosts nearer to it: every tool call pays this distance")) with { Milliseconds = Math.Round(median, 1) };
    }

    public async Task<CheckResult> ClockAsync(CancellationToken cancellation)
    {
        var seen = await probe.GetAsync(address, cancellation);
        if (seen.Date is not { } date)
        {
            return CheckResult.Skip($"{address.Host} does not tell its time");
        }

        // Half a second because the header leaves fractions out, half the way because it was written before it came.
        var skew = seen.SeenAt - (date + TimeSpan.FromMilliseconds(500 + (seen.Milliseconds / 2)));
        var detail = skew.Duration() < s_noticeable ? $"within {s_noticeable.TotalSeconds:0} s of {address.Host}" : $"{skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} {address.Host}";
        const string fix = "set the clock with NTP: signatures are valid for five minutes";
        return skew.Duration() < s_noticeable ? CheckResult.Ok(detail) : skew.Duration() < s_bad ? CheckResult.Warn(detail, fix) : CheckResult.Fail(detail, fix);
    }
}
