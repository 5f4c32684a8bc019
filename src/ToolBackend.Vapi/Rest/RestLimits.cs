namespace ToolBackend.Vapi.Rest;

/// <summary>How often, how long and how many at once: the part of a client's options that <see cref="RestPipeline"/> carries out.</summary>
/// <param name="MaxAttempts">Of one request, the first included.</param>
/// <param name="AttemptTimeout">Longest wait for the answer to one attempt.</param>
/// <param name="TotalTimeout">Longest time for one request with all its attempts and waits.</param>
/// <param name="RetryDelay">First wait between attempts; it doubles, with jitter.</param>
/// <param name="MaxRetryDelay">Longest wait between attempts. A Retry-After beyond it ends the request at once.</param>
/// <param name="MaxInFlight">Attempts that may be under way at once.</param>
/// <param name="MaxWaiting">Attempts that may wait for their turn; one more fails as rate limited.</param>
internal sealed record RestLimits(int MaxAttempts, TimeSpan AttemptTimeout, TimeSpan TotalTimeout, TimeSpan RetryDelay, TimeSpan MaxRetryDelay, int MaxInFlight, int MaxWaiting);
