namespace ToolBackend.LocalStack.Faults;

/// <summary>What a <see cref="FaultyProxy"/> does to every connection.</summary>
public enum ProxyMode
{
    /// <summary>Forwards, with the delays and limits of <see cref="ProxyFaults"/>.</summary>
    Pass,

    /// <summary>Connections are accepted and stay open, nothing is read or forwarded: a host that vanished behind a firewall.</summary>
    BlackHole,

    /// <summary>New connections are refused by the kernel; existing ones are reset: the process is gone.</summary>
    Refuse,

    /// <summary>New and existing connections are reset at once.</summary>
    Reset,
}

/// <summary>What to do with bytes on their way to the server.</summary>
public enum ProxyVerdict
{
    Pass,

    /// <summary>The server never sees these bytes; the client's connection is reset.</summary>
    DropThenReset,

    /// <summary>The server gets these bytes and may act on them; the client's connection is reset before it hears the answer.</summary>
    PassThenReset,
}

/// <summary>A fault plan. Applies to present and new connections from the next bytes on.</summary>
public sealed record ProxyFaults
{
    public static ProxyFaults Healthy { get; } = new();

    public ProxyMode Mode { get; init; }

    /// <summary>One-way delay, as of a long wire: later bytes do not wait for earlier ones to arrive. Default zero.</summary>
    public TimeSpan DelayToServer { get; init; }

    /// <summary>One-way delay of answers. Default zero.</summary>
    public TimeSpan DelayToClient { get; init; }

    /// <summary>The client gets so many bytes per connection, then the end of the stream. Null (default) for no limit.</summary>
    public long? CloseAfterBytes { get; init; }

    /// <summary>
    /// Sees each piece of bytes on its way to the server, as TCP delivered it (a message may be split or joined with others);
    /// called by several connections at once. Null (default) passes everything.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, ProxyVerdict>? Inspect { get; init; }
}
