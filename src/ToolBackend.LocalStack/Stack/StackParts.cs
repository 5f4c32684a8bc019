using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>The child processes of a stack, known by name as soon as they run, so that all of them are stopped whichever of them fails. For several threads.</summary>
internal sealed class StackParts
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, SupervisedProcess Process)> _parts = [];

    public IReadOnlyList<(string Name, SupervisedProcess Process)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _parts];
            }
        }
    }

    /// <summary>Null when there is no such part.</summary>
    public int? Pid(string name) => All.Where(part => part.Name == name).Select(part => (int?)part.Process.Pid).SingleOrDefault();

    public async Task KeepAsync(string name, Task<SupervisedProcess> start) => Add(name, await start);

    public async Task<T> KeepAsync<T>(string name, Task<(SupervisedProcess Process, T Made)> start)
    {
        var (process, made) = await start;
        Add(name, process);
        return made;
    }

    /// <summary>Stops those of these names, or all, at once.</summary>
    public Task StopAsync(params IReadOnlyList<string> names)
    {
        List<SupervisedProcess> stopped;
        lock (_gate)
        {
            stopped = [.. _parts.Where(part => names.Count == 0 || names.Contains(part.Name)).Select(part => part.Process)];
            _parts.RemoveAll(part => stopped.Contains(part.Process));
        }

        return Task.WhenAll(stopped.Select(process => process.DisposeAsync().AsTask()));
    }

    private void Add(string name, SupervisedProcess process)
    {
        lock (_gate)
        {
            _parts.Add((name, process));
        }
    }
}
