namespace ToolBackend.Load.Bench;

/// <summary>How long and how much.</summary>
/// <param name="Shipments">Of the large table of the uncached read.</param>
/// <param name="Rounds">Each row and mode is measured so many times, interleaved; medians are shown.</param>
internal sealed record BenchOptions(bool IsQuick, long Shipments, int Rounds, TimeSpan WarmUp, TimeSpan ClosedLoop, TimeSpan OpenLoop, int Starts, int Seed)
{
    private const int DefaultSeed = 20_261_122;

    /// <summary>Of the small table that the large one is compared with.</summary>
    public const long FewShipments = 10_000;

    public const double ReadRate = 300;

    public const double BookingRate = 100;

    /// <exception cref="LoadException">Something was asked for that there is not.</exception>
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchOptions(false, 1_000_000, 3, Seconds(5), Seconds(2.5), Seconds(10), 5, DefaultSeed);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--quick" => options with
                {
                    IsQuick = true, Shipments = 100_000, Rounds = 2, WarmUp = Seconds(1.2), ClosedLoop = Seconds(0.7), OpenLoop = Seconds(1.5), Starts = 2,
                },
                "--seed" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out var seed) => options with { Seed = seed },
                _ when i > 0 && arguments[i - 1] == "--seed" => options,
                var other => throw new LoadException($"Unknown: {other}. ./dev bench [--quick] [--seed N], or ./dev bench micro."),
            };
        }

        return options;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
