namespace ToolBackend.Cli.Sync;

/// <summary>Asks whoever sits at the terminal.</summary>
internal static class Confirmation
{
    /// <param name="word">What has to be typed.</param>
    /// <exception cref="CliException">Nobody can be asked.</exception>
    public static bool Ask(string sentence, string word, bool noInput)
    {
        if (noInput || Console.IsInputRedirected)
        {
            throw new CliException("this wants a confirmation, and nobody can be asked here", "look at the plan, then add --yes, or apply a saved plan");
        }

        Console.Error.Write($"{sentence} Type {word}: ");
        return Console.ReadLine()?.Trim() == word;
    }
}
