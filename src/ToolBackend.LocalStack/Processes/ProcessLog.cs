namespace ToolBackend.LocalStack.Processes;

/// <summary>What a child process wrote: the last lines in memory for error messages, all of it in a file.</summary>
public sealed class ProcessLog : IDisposable
{
    private const int TailLines = 60;
    private const int LongestLine = 2000;
    private const long LargestFile = 32 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private readonly string? _path;
    private StreamWriter? _file;

    /// <param name="path">The file, emptied first; null keeps the tail only. One older file of 32 MB is kept as PATH.1.</param>
    public ProcessLog(string? path)
    {
        _path = path;
        _file = path is null ? null : Open(path);
    }

    /// <summary>The last lines, oldest first.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    internal void Write(string line)
    {
        lock (_gate)
        {
            if (_tail.Count == TailLines)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line.Length > LongestLine ? line[..LongestLine] : line);
            if (_file is null)
            {
                return;
            }

            if (_file.BaseStream.Length > LargestFile)
            {
                _file.Dispose();
                File.Move(_path!, _path + ".1", overwrite: true);
                _file = Open(_path!);
            }

            _file.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static StreamWriter Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return new StreamWriter(stream) { AutoFlush = true };
    }
}
