using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Net;
using Xunit;

namespace ToolBackend.Testing;

/// <summary>
/// Fails the run when anything in the test process dials a host that is not this machine:
/// <c>[assembly: AssemblyFixture(typeof(NoOutsideDialing))]</c>. It listens to the runtime's own socket and DNS events,
/// so no client library can get around it.
/// </summary>
public sealed class NoOutsideDialing : IAsyncLifetime
{
    private readonly Listener _listener = new();

    /// <summary>Every address or name outside that was dialled so far.</summary>
    public IReadOnlyCollection<string> Dialled => _listener.Dialled;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return _listener.Dialled.IsEmpty
            ? ValueTask.CompletedTask
            : throw new InvalidOperationException($"Tests must not leave this machine, but dialled: {string.Join(", ", _listener.Dialled.Distinct(StringComparer.Ordinal))}");
    }

    /// <summary>The host that a runtime event names, or null when it is this machine.</summary>
    internal static string? OutsideHost(string? eventName, string? argument) => (eventName, argument) switch
    {
        ("ResolutionStart", { Length: > 0 } name) => IsThisMachine(name) ? null : name,
        ("ConnectStart", { Length: > 0 } address) => ParseSocketAddress(address) is { } ip && !IPAddress.IsLoopback(ip) ? ip.ToString() : null,
        _ => null,
    };

    private static bool IsThisMachine(string name) =>
        IPAddress.TryParse(name, out var ip)
            ? IPAddress.IsLoopback(ip)
            : name is "localhost" || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    // SocketAddress prints "InterNetwork:16:{port high,port low,a,b,c,d,0,...}" and
    // "InterNetworkV6:28:{port high,port low,4 bytes flow,16 bytes address,4 bytes scope}"; the family's own two bytes are not in it.
    private static IPAddress? ParseSocketAddress(string text)
    {
        var (start, length) = text.StartsWith("InterNetworkV6:", StringComparison.Ordinal) ? (6, 16)
            : text.StartsWith("InterNetwork:", StringComparison.Ordinal) ? (2, 4)
            : (0, 0);
        if (length == 0)
        {
            return null;
        }

        var bytes = text[(text.IndexOf('{', StringComparison.Ordinal) + 1)..].TrimEnd('}').Split(',').Skip(start).Take(length).Select(byte.Parse).ToArray();
        var ip = new IPAddress(bytes);
        return ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
    }

    private sealed class Listener : EventListener
    {
        private const int Most = 1000;

        // Events may arrive while the base constructor runs; field initialisers run before it.
        public ConcurrentQueue<string> Dialled { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Sockets" or "System.Net.NameResolution")
            {
                EnableEvents(eventSource, EventLevel.Informational);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (OutsideHost(eventData.EventName, eventData.Payload is [string argument, ..] ? argument : null) is { } host && Dialled.Count < Most)
            {
                Dialled.Enqueue(host);
            }
        }
    }
}
