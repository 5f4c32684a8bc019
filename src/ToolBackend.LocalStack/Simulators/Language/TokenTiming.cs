namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>
/// When tokens leave. Every one has its moment counted from the request, so that late wake-ups do not add up. With a spread the moments are drawn log-normally around the
/// given ones, each request by itself.
/// </summary>
public sealed record TokenTiming
{
    /// <summary>From the request to the first token. Default 100 ms.</summary>
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between tokens. Default 10 ms.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Standard deviation of the logarithm; 0 (default) is exact, 0.3 is a normal day, 1 is a bad one.</summary>
    public double Spread { get; init; }

    /// <summary>Moments of so many tokens after the request, in order.</summary>
    internal TimeSpan[] Moments(int tokens, Random random)
    {
        var moments = new TimeSpan[tokens];
        var at = TimeSpan.Zero;
        for (var i = 0; i < tokens; i++)
        {
            at += (i == 0 ? FirstToken : Interval) * Factor(random);
            moments[i] = at;
        }

        return moments;
    }

    // Box-Muller.
    private double Factor(Random random) =>
        Spread <= 0 ? 1 : Math.Exp(Spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
