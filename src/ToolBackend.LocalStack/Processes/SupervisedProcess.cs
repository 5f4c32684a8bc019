using System.Diagnostics;
using System.Globalization;

namespace ToolBackend.LocalStack.Processes;

/// <summary>
/// A child process that ends when we end, even by SIGKILL. It runs below a small shell that holds the read end of a pipe:
/// the kernel closes our end whatever way we die, the shell sees the end of file and stops the child.
/// (Linux's parent-death signal is bound to the thread that forked, and pool threads come and go.)
/// Test: SupervisedProcessTests, KilledSupervisorTests.
/// </summary>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private const string PidLine = "supervised-pid ";

    // A background job's stdin is /dev/null in sh, hence the copy of the pipe on descriptor 3.
    // The shell outlives polite signals, so that the child never loses its keeper. The child is started before the
    // trap: ignored signals are inherited.
    private const string Wrapper = """
        signal=$1 grace=$2; shift 2
        exec 3<&0 </dev/null
        "$@" 3<&- &
        child=$!
        trap '' INT TERM HUP
        (
          while read -r _ <&3; do :; done
          kill -s "$signal" "$child"; kill -s CONT "$child"
          tenths=$((grace * 10))
          while [ "$tenths" -gt 0 ] && kill -s 0 "$child"; do sleep 0.1; tenths=$((tenths - 1)); done
          kill -s KILL "$child"
        ) 2>/dev/null &
        reader=$!
        exec 3<&-
        echo "supervised-pid $child"
        wait "$child"
        code=$?
        kill -s KILL "$reader" 2>/dev/null
        exit "$code"
        """;

    private static readonly TimeSpan LaunchDeadline = TimeSpan.FromSeconds(10);

    private readonly SupervisedProcessOptions _options;
    private readonly Process _shell;
    private readonly TaskCompletionSource<int> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SupervisedProcess(SupervisedProcessOptions options)
    {
        _options = options;
        Log = new ProcessLog(options.LogFile);
        _shell = Process.Start(StartInfo(options)) ?? throw new LocalStackException($"{options.Name} did not start.");
        Exit = RunToExitAsync();
    }

    /// <summary>The process id of the program itself, not of the shell above it.</summary>
    public int Pid { get; private set; }

    /// <summary>Completes with the exit code (128 + signal when killed) once the program is gone and its output is read.</summary>
    public Task<int> Exit { get; }

    public ProcessLog Log { get; }

    public static async Task<SupervisedProcess> StartAsync(SupervisedProcessOptions options, CancellationToken cancellation = default)
    {
        var process = new SupervisedProcess(options);
        try
        {
            process.Pid = await process._pid.Task.WaitAsync(LaunchDeadline, cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for an orderly end and waits for it; after <see cref="SupervisedProcessOptions.StopGrace"/> it is killed.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        CloseStandardInput();
        try
        {
            await Exit.WaitAsync(_options.StopGrace + TimeSpan.FromSeconds(5), cancellation);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>SIGKILL to the program and everything below it, as a crash or the kernel's memory killer would.</summary>
    public async Task KillAsync()
    {
        if (!Exit.IsCompleted && Pid > 0)
        {
            SignalTree(Signals.Kill);
        }

        await Exit.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Freezes the program and everything below it: sockets stay open, nothing answers.</summary>
    public void Pause() => SignalTree(Signals.Stop);

    public void Resume() => SignalTree(Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _shell.Dispose();
        Log.Dispose();
    }

    private void SignalTree(int signal)
    {
        foreach (var pid in ProcessTable.Tree(Pid))
        {
            Signals.Send(pid, signal);
        }
    }

    private static ProcessStartInfo StartInfo(SupervisedProcessOptions options)
    {
        // A session of its own keeps the terminal's Ctrl-C away: children end in our order, not all at once.
        List<string> words = Executables.Find("setsid") is { } setsid ? [setsid] : [];
        words.AddRange(options.RunAs?.CommandPrefix() ?? []);
        var grace = ((int)Math.Ceiling(options.StopGrace.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        words.AddRange(["/bin/sh", "-c", Wrapper, "supervise", options.StopSignal, grace, .. options.CommandLine]);

        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory,
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task<int> RunToExitAsync()
    {
        var output = Task.WhenAll(PumpAsync(_shell.StandardOutput), PumpAsync(_shell.StandardError));
        await _shell.WaitForExitAsync();
        try
        {
            // A grandchild may hold the pipe open; the program itself is gone.
            await output.WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (TimeoutException)
        {
            Log.Write($"({_options.Name} ended, something that it started still runs)");
        }

        _pid.TrySetException(new LocalStackException($"{_options.Name} did not start (exit code {_shell.ExitCode}).\n{Log.Tail}"));
        return _shell.ExitCode;
    }

    private async Task PumpAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!_pid.Task.IsCompleted && line.StartsWith(PidLine, StringComparison.Ordinal))
            {
                _pid.TrySetResult(int.Parse(line.AsSpan(PidLine.Length), CultureInfo.InvariantCulture));
                continue;
            }

            Log.Write(line);
        }
    }

    private void CloseStandardInput()
    {
        try
        {
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell is gone already, which is what closing asks for.
        }
    }
}
