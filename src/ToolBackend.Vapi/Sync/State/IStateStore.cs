namespace ToolBackend.Vapi.Sync.State;

/// <summary>Where one environment's state is kept.</summary>
public interface IStateStore
{
    /// <summary>As people find it: a file's name, or a table.</summary>
    string Place { get; }

    /// <summary>Null when this environment was never applied.</summary>
    /// <exception cref="StateException">It is there and cannot be read.</exception>
    Task<SyncState?> ReadAsync(CancellationToken cancellation);

    /// <summary>Makes sure that nobody else changes the environment until the lease is disposed of; a process that dies lets go.</summary>
    /// <exception cref="StateException">Somebody else has it.</exception>
    Task<IAsyncDisposable> LockAsync(CancellationToken cancellation);

    /// <summary>Keeps the state, so that it is there after a crash of the next moment. Only under the lock.</summary>
    Task WriteAsync(SyncState state, CancellationToken cancellation);
}

/// <summary>The state cannot be used; the message says why and names the place.</summary>
public sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);
