using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Testing;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Api.Tests.Operator.Calls;

/// <summary>Changes of seven open calls, made as the projector of <paramref name="node"/> makes them.</summary>
internal sealed class CallChanges(ApiFixture api, ApiNode node)
{
    private readonly DateTimeOffset _opened = TimeProvider.System.GetUtcNow();
    private readonly ConcurrentQueue<(long Seq, string CallId, long Version)> _made = new();
    private int _version;

    /// <summary>What was made: sequence number, call, version.</summary>
    public IReadOnlyList<(long Seq, string CallId, long Version)> Made => [.. _made];

    /// <summary>The same up to a change that a client has seen, which may not be noted yet.</summary>
    public async Task<IReadOnlyList<(long Seq, string CallId, long Version)>> MadeUpToAsync(long seq)
    {
        await Eventually.IsTrueAsync(() => Task.FromResult(_made.LastOrDefault().Seq >= seq), TimeSpan.FromSeconds(30), "a change that nobody made");
        return [.. _made.Where(c => c.Seq <= seq)];
    }

    /// <param name="anomaly">Goes into the change as it is: makes large ones.</param>
    public async Task MakeAsync(int count, string? anomaly = null)
    {
        var feed = node.Services.GetRequiredService<LiveFeed>();
        for (var i = 0; i < count; i++)
        {
            var call = SampleCall.Open($"change-{++_version % 7}", _opened) with { Version = _version, Anomalies = anomaly is null ? [] : [anomaly] };
            var seq = await CallRows.SaveAsync(api.Database, call);
            _made.Enqueue((seq, call.CallId, call.Version));
            feed.ChangesCommitted(seq);
        }
    }
}
