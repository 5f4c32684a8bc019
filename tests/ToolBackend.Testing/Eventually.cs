namespace ToolBackend.Testing;

/// <summary>Waits for what a background task will do. Never to show that something does not happen.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until it is so. Returns how long it took.</summary>
    /// <exception cref="TimeoutException">It was not so within the limit; the message says <paramref name="otherwise"/>.</exception>
    public static async Task<TimeSpan> IsTrueAsync(Func<Task<bool>> condition, TimeSpan within, string otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > within)
            {
                throw new TimeoutException(otherwise);
            }

            await Task.Delay(s_look);
        }

        return TimeProvider.System.GetElapsedTime(started);
    }
}
