using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Resilience;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Calls;

/// <summary>Vapi's REST API as the one that knows what its webhook did not tell. Without a usable key (<c>Vendors:Vapi</c>) it answers as rejected, and the host runs on.</summary>
public sealed partial class VapiCallSource(
    Func<VapiClient> client, IOptions<VapiClientOptions> options, IOptions<ContentPolicy> policy, TimeProvider time, ILogger<VapiCallSource> logger) : ICallSource
{
    private const string Name = "Vapi";
    private const int MaxId = 128;

    /// <inheritdoc/>
    public async Task<ReportedEvent?> AskAsync(string callRef, CancellationToken cancellation)
    {
        // Vapi's ids are UUIDs. What a message named that can be no part of a path is nothing that Vapi has.
        if (callRef.Length is 0 or > MaxId || !callRef.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return null;
        }

        return await CallAsync((vapi, ct) => vapi.GetCallAsync(callRef, ct), cancellation) is { } call ? Read(call) ?? throw new UpstreamException(Name, UpstreamFailure.Unavailable) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReportedEvent>> UpdatedAsync(DateTimeOffset from, DateTimeOffset? before, CancellationToken cancellation)
    {
        var window = new List<KeyValuePair<string, string>> { new("updatedAtGe", ListPages.Text(from)) };
        if (before is { } end)
        {
            // The next window begins with the millisecond in which this one ends.
            window.Add(new("updatedAtLt", ListPages.Text(end)));
        }

        var calls = await CallAsync((vapi, ct) => vapi.ListAsync("call", window, ct), cancellation);
        var snapshots = calls.Select(Read).OfType<ReportedEvent>().ToList();
        if (snapshots.Count < calls.Count)
        {
            LogUnreadable(calls.Count - snapshots.Count);
        }

        return snapshots;
    }

    private ReportedEvent? Read(JsonObject call) => VapiSnapshotReader.Read(call, time.GetUtcNow(), policy.Value);

    private async Task<T> CallAsync<T>(Func<VapiClient, CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        if (options.Value.Validate().Count > 0)
        {
            throw new UpstreamException(Name, UpstreamFailure.Rejected);
        }

        try
        {
            return await ask(client(), cancellation);
        }
        catch (VapiApiException e)
        {
            throw new UpstreamException(Name, FailureOf(e.Failure), e);
        }
    }

    private static UpstreamFailure FailureOf(VapiFailure failure) => failure switch
    {
        VapiFailure.Auth or VapiFailure.Rejected or VapiFailure.NotFound or VapiFailure.Conflict => UpstreamFailure.Rejected,
        VapiFailure.RateLimited => UpstreamFailure.Busy,
        _ => UpstreamFailure.Unavailable,
    };

    [LoggerMessage(3101, LogLevel.Warning, "Vapi listed {Calls} calls that cannot be read; they were left out")]
    private partial void LogUnreadable(int calls);
}

/// <summary>Puts a <see cref="VapiCallSource"/> into a host.</summary>
public static class VapiCallSourceRegistration
{
    /// <summary>The source that upkeep asks, with a client from <c>Vendors:Vapi</c> that is made when it is first needed.</summary>
    public static IServiceCollection AddVapiCallSource(this IServiceCollection services)
    {
        services.AddVapiClient();
        services.Replace(ServiceDescriptor.Singleton<ICallSource>(s => new VapiCallSource(
            s.GetRequiredService<VapiClient>, s.GetRequiredService<IOptions<VapiClientOptions>>(), s.GetRequiredService<IOptions<ContentPolicy>>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<VapiCallSource>>())));
        return services;
    }
}
