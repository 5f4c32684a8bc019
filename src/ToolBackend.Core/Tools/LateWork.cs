using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;

namespace ToolBackend.Core.Tools;

/// <summary>
/// The write that a call was told to ask for again. While the database is slow no transaction ends before the wall, not even one that only reads the
/// ledger, so without this the caller would be told "still working" until the database is fast.
/// </summary>
/// <remarks>
/// One per call, handed out once, and dropped by any other write of the call: an outcome from before a cancellation must not be told after it.
/// What is lost (another replica, a restart, two late writes of one call) is found by running the write again; the ledger and the natural keys make that safe.
/// </remarks>
public sealed class LateWork : IDisposable
{
    /// <summary>Calls remembered; above it the least recently used are forgotten.</summary>
    private const int Capacity = 10_000;

    /// <summary>The assistant asks again within seconds.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _late = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>Remembers work whose caller was sent away.</summary>
    /// <param name="work">Never fails; see <see cref="ToolRunner"/>.</param>
    public void Keep(string callId, byte[] fingerprint, Task<ToolOutcome> work) =>
        _late.Set(callId, new Entry(fingerprint, work), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = s_kept });

    /// <summary>The work of an equal request of the same call, still under way or done.</summary>
    public bool TryTake(string callId, byte[] fingerprint, [NotNullWhen(true)] out Task<ToolOutcome>? work)
    {
        work = null;
        if (_late.Get(callId) is Entry late)
        {
            _late.Remove(callId);
            work = late.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? late.Work : null;
        }

        return work is not null;
    }

    public void Dispose() => _late.Dispose();

    private sealed record Entry(byte[] Fingerprint, Task<ToolOutcome> Work);
}
