using System.Diagnostics;

namespace ToolBackend.Api.Tests.Faults;

internal static class Eventually
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until it is so; fails past the limit. Returns how long it took.</summary>
    public static async Task<TimeSpan> IsTrueAsync(Func<Task<bool>> condition, TimeSpan within, string otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(within, otherwise);
            await Task.Delay(s_look);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
