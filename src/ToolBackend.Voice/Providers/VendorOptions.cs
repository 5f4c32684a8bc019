namespace ToolBackend.Voice.Providers;

/// <summary>Where a vendor is and how it knows us. Bound from <c>Vendors:{Name}</c> (environment: <c>Vendors__Deepgram__ApiKey</c>).</summary>
public sealed record VendorOptions
{
    /// <summary>https, or http for loopback only; websockets use the same host with wss or ws. Without a slash at the end. Default: the vendor's public address.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Empty or null: the vendor is not used, and a chain goes on to the next one.</summary>
    public string? ApiKey { get; set; }
}
