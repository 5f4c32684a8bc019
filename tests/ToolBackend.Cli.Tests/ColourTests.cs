namespace ToolBackend.Cli.Tests;

public sealed class ColourTests
{
    [Theory]
    [InlineData("Auto", true, null, "xterm", true)]
    [InlineData("Auto", true, "", "xterm", true)]
    [InlineData("Auto", true, null, null, true)]
    [InlineData("Auto", true, "1", "xterm", false)]
    [InlineData("Auto", true, null, "dumb", false)]
    [InlineData("Auto", false, null, "xterm", false)]
    [InlineData("Always", false, "1", "dumb", true)]
    [InlineData("Never", true, null, "xterm", false)]
    public void An_option_beats_the_environment_and_the_environment_beats_the_terminal(string mode, bool terminal, string? noColor, string? term, bool wanted) =>
        Colour.Wanted(Enum.Parse<ColourMode>(mode), terminal, noColor, term).ShouldBe(wanted);
}
