using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ToolBackend.Load.Driver;

/// <summary>Sleeps to within some tens of microseconds: timers of the runtime are a millisecond coarse, which is half of what is measured.</summary>
internal static partial class PreciseClock
{
    /// <summary>Blocks the calling thread until a <see cref="Stopwatch"/> time stamp.</summary>
    public static void SleepUntil(long timestamp)
    {
        // A signal ends the sleep early: look again.
        for (var left = timestamp - Stopwatch.GetTimestamp(); left > 0; left = timestamp - Stopwatch.GetTimestamp())
        {
            var nanoseconds = left * 1_000_000_000 / Stopwatch.Frequency;
            var wanted = new TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
            _ = NanoSleep(in wanted, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec wanted, nint remaining);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
