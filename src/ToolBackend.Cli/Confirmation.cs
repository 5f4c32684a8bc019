using Microsoft.Win32.SafeHandles;

namespace ToolBackend.Cli;

/// <summary>Asks whoever sits at the terminal.</summary>
internal static class Confirmation
{
    private const nint StandardInput = 0;

    /// <summary>True for the word, false for anything else, the end of the input (Ctrl-D) included. Waits as long as the person does.</summary>
    /// <param name="word">What has to be typed.</param>
    /// <param name="isRefused">Nobody is to be asked, whoever is there.</param>
    /// <param name="otherwise">What a script does instead of answering.</param>
    /// <exception cref="CliException">Nobody can be asked.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static async Task<bool> AskAsync(CliConsole console, string sentence, string word, bool isRefused, string otherwise, CancellationToken cancellation)
    {
        if (isRefused || Console.IsInputRedirected || Screen(console) is not { } screen)
        {
            throw new CliException("this wants a confirmation, and nobody can be asked here", otherwise);
        }

        await screen.WriteAsync($"{sentence} Type {word}: ");
        string? answer = null;
        try
        {
            // A terminal gives whole lines and hears no token.
            answer = await Task.Run(ReadLine, CancellationToken.None).WaitAsync(cancellation);
        }
        finally
        {
            if (answer is null)
            {
                // Ctrl-C and Ctrl-D leave the cursor behind the question.
                await screen.WriteLineAsync();
            }
        }

        return answer?.Trim() == word;
    }

    // Past Console.In on Unix: it changes the terminal's mode when it begins to read, and a Ctrl-D that was typed before is no end of input to it.
    private static string? ReadLine()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.ReadLine();
        }

        using var keyboard = new StreamReader(new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 1));
        return keyboard.ReadLine();
    }

    // Where the person looks: standard error may be a file.
    private static TextWriter? Screen(CliConsole console) => !Console.IsErrorRedirected ? Console.Error : !Console.IsOutputRedirected && !console.IsJson ? Console.Out : null;
}
