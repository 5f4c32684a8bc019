using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Tests;

/// <summary>The core as a host runs it (pools, listener, cache, tools), without the web server. Several on one database are several replicas.</summary>
internal sealed class CoreNode : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private readonly IHost _host;

    private CoreNode(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public ToolRunner Tools => Services.GetRequiredService<ToolRunner>();

    public InvalidationLog Invalidations => Services.GetRequiredService<InvalidationLog>();

    public static Task<CoreNode> StartAsync(string postgres, string? redis = null, params (string Key, string Value)[] settings) => StartAsync(postgres, redis, TimeProvider.System, settings);

    public static async Task<CoreNode> StartAsync(string postgres, string? redis, TimeProvider time, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = postgres, ["ConnectionStrings:Redis"] = redis }.Concat(
                settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(time);
        builder.Services.AddToolBackendCore(builder.Configuration);
        var node = new CoreNode(builder.Build());
        using var deadline = new CancellationTokenSource(StartDeadline);
        await node._host.StartAsync(deadline.Token);
        while (!node.Invalidations.LinkIsUp)
        {
            await Task.Delay(10, deadline.Token);
        }

        return node;
    }

    public Task<ToolAnswer> CallAsync(string tool, string arguments, string callId, string toolCallId, string? caller = "+12065550142", string? message = null) =>
        Tools.RunAsync(tool, toolCallId, System.Text.Encoding.UTF8.GetBytes(arguments), Call(callId, message ?? toolCallId, caller)).AsTask();

    public static CallContext Call(string callId, string message, string? caller) => new(
        callId, message, caller is null ? null : PhoneNumber.Parse(caller), PhoneNumber.Parse("+12065550100"));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
