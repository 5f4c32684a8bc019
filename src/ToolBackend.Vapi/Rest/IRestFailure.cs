namespace ToolBackend.Vapi.Rest;

/// <summary>What an exception of a REST client says of another attempt.</summary>
internal interface IRestFailure
{
    /// <summary>Whether another attempt may succeed.</summary>
    bool MayPass { get; }

    /// <summary>How long the vendor asked to wait; null when it did not say.</summary>
    TimeSpan? RetryAfter { get; }
}
