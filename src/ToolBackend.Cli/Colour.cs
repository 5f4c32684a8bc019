namespace ToolBackend.Cli;

internal enum ColourMode
{
    Auto,
    Always,
    Never,
}

/// <summary>Whether escapes are written. An explicit option beats the environment, which beats the terminal.</summary>
internal static class Colour
{
    /// <param name="mode"><c>--color</c>; <c>--no-color</c> is <see cref="ColourMode.Never"/>.</param>
    /// <param name="terminal">Standard output is a terminal.</param>
    /// <param name="noColor">NO_COLOR: any text but the empty one turns colour off.</param>
    /// <param name="term">TERM.</param>
    public static bool Wanted(ColourMode mode, bool terminal, string? noColor, string? term) => mode switch
    {
        ColourMode.Always => true,
        ColourMode.Never => false,
        _ => terminal && string.IsNullOrEmpty(noColor) && term != "dumb",
    };
}
