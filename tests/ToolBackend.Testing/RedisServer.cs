using ToolBackend.LocalStack;
using Xunit;

namespace ToolBackend.Testing;

/// <summary>One private Redis per test assembly: <c>[assembly: AssemblyFixture(typeof(RedisServer))]</c>.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private LocalRedis? _server;

    /// <summary>The server itself, for tests that stop, freeze or kill it. Such a test needs a server of its own: others use this one.</summary>
    public LocalRedis Server => _server ?? throw new InvalidOperationException("Redis has not been started by the test runner.");

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Endpoint => Server.Endpoint;

    public async ValueTask InitializeAsync() => _server = await LocalRedis.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
