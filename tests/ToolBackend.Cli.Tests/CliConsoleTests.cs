namespace ToolBackend.Cli.Tests;

public sealed class CliConsoleTests
{
    [Theory]
    [InlineData(null, 0, 80)]
    [InlineData(null, 132, 132)]
    [InlineData("60", 132, 60)]
    [InlineData("60", 0, 60)]
    [InlineData("", 132, 132)]
    [InlineData("wide", 132, 132)]
    [InlineData("-5", 132, 132)]
    [InlineData("0", 0, 80)]
    [InlineData("10", 132, 40)]
    public void The_width_is_what_COLUMNS_says_or_the_terminal_or_80(string? columns, int terminal, int width) => CliConsole.WidthOf(columns, terminal).ShouldBe(width);

    [Fact]
    public void Progress_is_cleared_by_whatever_is_written_next_and_never_wraps()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var console = new CliConsole(output, error, json: false, quiet: false, colour: false, progress: true);

        console.Progress(new string('x', 500));
        console.Error("it broke");
        console.Note("that was all");

        var lines = error.ToString().Split("\r\e[K");
        lines[1].Length.ShouldBeLessThan(500);
        lines[1].ShouldNotContain('\n');
        lines[2].ShouldBe("error: it broke\nthat was all\n");
    }
}
