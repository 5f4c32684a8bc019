using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack;

/// <summary>How a private Redis runs.</summary>
public sealed record LocalRedisOptions
{
    /// <summary>Loopback port; null lets the kernel choose. Default null.</summary>
    public int? Port { get; init; }

    /// <summary>Server log; null keeps only the last lines in memory. Default null.</summary>
    public string? LogFile { get; init; }

    /// <summary>Memory limit in megabytes, the least recently used keys go first. Default 256.</summary>
    public int MaxMemoryMegabytes { get; init; } = 256;

    /// <summary>Default 20 s.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>A private Redis on a loopback port. It keeps nothing on disk: a restart is an empty cache.</summary>
public sealed class LocalRedis : LocalServer
{
    private readonly LocalRedisOptions _options;
    private readonly string _server;

    private LocalRedis(LocalRedisOptions options, string server)
        : base("Redis", options.Port, options.StartDeadline)
    {
        _options = options;
        _server = server;
    }

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public static bool IsInstalled => Executables.Find("redis-server") is not null;

    public static async Task<LocalRedis> StartNewAsync(LocalRedisOptions? options = null, CancellationToken cancellation = default)
    {
        var server = Executables.Find("redis-server") ?? throw new LocalStackException("Redis is not installed: apt-get install redis-server, or brew install redis.");
        var redis = new LocalRedis(options ?? new LocalRedisOptions(), server);
        await redis.StartAsync(cancellation);
        return redis;
    }

    private protected override Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    private protected override SupervisedProcessOptions Describe() => new()
    {
        Name = Name,
        CommandLine =
        [
            _server, "--port", $"{Port}", "--bind", "127.0.0.1", "--protected-mode", "yes", "--daemonize", "no",
            "--save", "", "--appendonly", "no", "--maxmemory", $"{_options.MaxMemoryMegabytes}mb", "--maxmemory-policy", "allkeys-lru",
        ],
        RunAs = UnprivilegedUser.ForServers(),
        LogFile = _options.LogFile,
        StopGrace = TimeSpan.FromSeconds(5),
    };

    private protected override async Task<bool> ProbeAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), limit.Token);
            await socket.SendAsync("PING\r\n"u8.ToArray(), limit.Token);
            var answer = new byte[64];
            var length = await socket.ReceiveAsync(answer, limit.Token);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
