using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ToolBackend.Cli.Tests;

/// <summary>The built program on a terminal of its own, which <c>script</c> (Debian's bsdutils) makes: what it shows is read as it comes, and keys are typed.</summary>
internal sealed class TerminalProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly CancellationTokenSource _limit = new(s_deadline);
    private readonly StringBuilder _shown = new();

    private TerminalProcess(Process process) => _process = process;

    /// <summary>Everything so far, escapes included.</summary>
    public string Shown => _shown.ToString();

    /// <param name="redirection">Of the shell, such as <c>2>file</c>.</param>
    public static TerminalProcess Start(IReadOnlyDictionary<string, string?> environment, string redirection, params string[] arguments)
    {
        var command = string.Join(' ', new[] { Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "toolbackend.dll") }.Concat(arguments).Select(Quoted));
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--flush", "--command", $"exec {command} {redirection}", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        CliProcess.SetEnvironment(start, null, environment);
        start.Environment["SHELL"] = "/bin/sh";
        try
        {
            return new TerminalProcess(Process.Start(start)!);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("This test needs a terminal, which script makes: install the package bsdutils (Debian always has it).", missing);
        }
    }

    /// <summary>Reads until <paramref name="text"/> is there.</summary>
    public async Task SeeAsync(string text)
    {
        while (!Shown.Contains(text, StringComparison.Ordinal))
        {
            (await ReadAsync()).ShouldBeTrue($"ended without '{text}':\n{Shown}");
        }
    }

    /// <summary>Types <paramref name="keys"/>: <c>\r</c> is Enter, <c>\x03</c> Ctrl-C, <c>\x04</c> Ctrl-D.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys.AsMemory(), _limit.Token);
        await _process.StandardInput.FlushAsync(_limit.Token);
    }

    /// <summary>The exit code, once the program has ended.</summary>
    public async Task<int> EndAsync()
    {
        while (await ReadAsync())
        {
        }

        await _process.WaitForExitAsync(_limit.Token);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new char[4096];
        var count = await _process.StandardOutput.ReadAsync(buffer, _limit.Token);
        _shown.Append(buffer, 0, count);
        return count > 0;
    }

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
