namespace ToolBackend.Voice.Language;

/// <summary>How long models are waited for, bound from <c>Language</c>.</summary>
public sealed class LanguageOptions
{
    public const string SectionName = "Language";

    /// <summary>Longest pause between two pieces of an answer that has begun; then another is asked to go on with it. Default 1.2 s, 500 ms to 30 s.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(1.2);

    /// <summary>An attempt without a first piece for so long gets a rival: the next provider, or the same on another connection. Default 600 ms, 50 ms up to <see cref="FirstTokenLimit"/>.</summary>
    public TimeSpan HedgeAfter { get; set; } = TimeSpan.FromMilliseconds(600);

    /// <summary>No first piece from anybody for so long and the caller is told that it failed. Default 2.5 s, 200 ms to 15 s.</summary>
    public TimeSpan FirstTokenLimit { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Requests that may be sent to a provider again, as a part of its requests in the last 10 s. Going on to another provider is always allowed. Default 0.1, 0 to 1.</summary>
    public double RetryShare { get; set; } = 0.1;

    /// <summary>Requests that may be sent again in 10 s whatever the share: with few calls a tenth of them is nothing. Default 3, 0 to 1000.</summary>
    public int RetryFloor { get; set; } = 3;

    /// <summary>A model that its provider does not know is not asked for again for so long. Default 5 min, 1 s to 1 day.</summary>
    public TimeSpan ClosedAfterPermanentFault { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Errors of this configuration, empty when it can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(errors, Stall >= TimeSpan.FromMilliseconds(500) && Stall <= TimeSpan.FromSeconds(30), nameof(Stall), "must be 00:00:00.5 to 00:00:30");
        Check(errors, HedgeAfter >= TimeSpan.FromMilliseconds(50) && HedgeAfter <= FirstTokenLimit, nameof(HedgeAfter), $"must be 00:00:00.05 to {nameof(FirstTokenLimit)}");
        Check(errors, FirstTokenLimit >= TimeSpan.FromMilliseconds(200) && FirstTokenLimit <= TimeSpan.FromSeconds(15), nameof(FirstTokenLimit), "must be 00:00:00.2 to 00:00:15");
        Check(errors, RetryShare is >= 0 and <= 1, nameof(RetryShare), "must be 0 to 1");
        Check(errors, RetryFloor is >= 0 and <= 1000, nameof(RetryFloor), "must be 0 to 1000");
        Check(errors, ClosedAfterPermanentFault >= TimeSpan.FromSeconds(1) && ClosedAfterPermanentFault <= TimeSpan.FromDays(1), nameof(ClosedAfterPermanentFault), "must be 00:00:01 to 1.00:00:00");
        return errors;
    }

    private static void Check(List<string> errors, bool holds, string name, string rule)
    {
        if (!holds)
        {
            errors.Add($"{SectionName}:{name} {rule}.");
        }
    }
}
