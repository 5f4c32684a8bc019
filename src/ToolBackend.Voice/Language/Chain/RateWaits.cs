using System.Collections.Concurrent;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>Providers that named a time to wait (429 with Retry-After). Shared by all chains.</summary>
internal sealed class RateWaits(TimeProvider time)
{
    /// <summary>A daily limit names hours; somebody may raise it sooner.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    public bool IsOver(string provider) => !_until.TryGetValue(provider, out var until) || time.GetUtcNow() >= until;

    public void Note(ProviderException failure)
    {
        if (failure is { Fault: ProviderFault.RateLimited, RetryAfter: { } wait })
        {
            _until[failure.Provider] = time.GetUtcNow() + (wait < s_longest ? wait : s_longest);
        }
    }
}
