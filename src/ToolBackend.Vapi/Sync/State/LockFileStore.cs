namespace ToolBackend.Vapi.Sync.State;

/// <summary>The state as a file among the definitions, <c>state/ENVIRONMENT.lock.json</c>: committed, so that every machine and CI knows what was applied.</summary>
/// <param name="definitions">The definitions folder.</param>
/// <param name="privateFolder">Where the lock between processes is, such as <c>.toolbackend</c>.</param>
/// <param name="shown">The definitions folder as it is shown.</param>
public sealed class LockFileStore(string definitions, string privateFolder, string environment, string shown) : IStateStore
{
    public const string Folder = "state";

    private readonly string _path = Path.Combine(definitions, Folder, environment + ".lock.json");

    public string Place { get; } = $"{shown.TrimEnd('/', '\\')}/{Folder}/{environment}.lock.json";

    public async Task<SyncState?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return StateJson.Parse(await File.ReadAllTextAsync(_path, cancellation), Place);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{Place} cannot be read.", error);
        }
    }

    // An open file, which the system closes when the process dies: a lock file that merely exists would outlive a crash.
    public Task<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(privateFolder);
            return Task.FromResult<IAsyncDisposable>(new FileStream(Path.Combine(privateFolder, environment + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"Another apply of {environment} is running in this folder.", error);
        }
    }

    // Written beside and moved over: a crash leaves the old state or the new one.
    public async Task WriteAsync(SyncState state, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var beside = _path + ".new";
        await using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using var writer = new StreamWriter(file);
            await writer.WriteAsync(StateJson.Write(state).AsMemory(), cancellation);
            await writer.FlushAsync(cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, _path, overwrite: true);
    }
}
