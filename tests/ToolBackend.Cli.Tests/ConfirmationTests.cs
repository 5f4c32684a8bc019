using System.Text.Json.Nodes;

namespace ToolBackend.Cli.Tests;

/// <summary>The question before something is changed, on a real terminal.</summary>
public sealed class ConfirmationTests : IAsyncLifetime
{
    private const string Question = "Do this? Type yes: ";
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";

    private SyncedRepository _repository = null!;

    public async ValueTask InitializeAsync() => _repository = await SyncedRepository.StartAsync();

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    private TerminalProcess Apply(string redirection = "") =>
        TerminalProcess.Start(_repository.Environment, redirection, "vapi", "apply", "--definitions", _repository.Folder);

    private void NothingShouldBeSent() => _repository.Vapi.Requests.All.ShouldAllBe(request => !request.IsWrite);

    [Fact]
    public async Task Yes_applies()
    {
        await using var terminal = Apply();
        await terminal.SeeAsync(Question);
        NothingShouldBeSent();
        await terminal.TypeAsync("yes\r");

        (await terminal.EndAsync()).ShouldBe(ExitCodes.Ok, terminal.Shown);
        terminal.Shown.ShouldContain("Applied: 16 created, 1 updated, 0 deleted.");
        _repository.Vapi.Resources.All("assistant").Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("no\r")]
    [InlineData("y\r")]
    [InlineData("\r")]
    [InlineData(CtrlD)]
    public async Task Anything_else_changes_nothing(string keys)
    {
        await using var terminal = Apply();
        await terminal.SeeAsync(Question);
        await terminal.TypeAsync(keys);

        (await terminal.EndAsync()).ShouldBe(ExitCodes.Error, terminal.Shown);
        terminal.Shown.ShouldContain("\nerror: nothing was changed");
        NothingShouldBeSent();
    }

    // Cut off by the command line library, two seconds later, it would not say anything.
    [Fact]
    public async Task Ctrl_C_at_the_question_interrupts_at_once_and_says_so()
    {
        await using var terminal = Apply();
        await terminal.SeeAsync(Question);
        await terminal.TypeAsync(CtrlC);

        (await terminal.EndAsync()).ShouldBe(ExitCodes.Interrupted, terminal.Shown);
        terminal.Shown.ShouldContain("\nerror: interrupted");
        NothingShouldBeSent();
    }

    [Fact]
    public async Task What_moves_while_the_question_stands_is_refused()
    {
        await using var terminal = Apply();
        await terminal.SeeAsync(Question);
        _repository.Vapi.Resources.Add("assistant", new JsonObject { ["name"] = "receptionist" });
        await terminal.TypeAsync("yes\r");

        (await terminal.EndAsync()).ShouldBe(ExitCodes.Conflict, terminal.Shown);
        terminal.Shown.ShouldContain("assistant.receptionist: it changed at Vapi");
        NothingShouldBeSent();
    }

    [Fact]
    public async Task The_question_is_seen_also_when_standard_error_is_a_file()
    {
        var errors = _repository.PathOf("errors.txt");
        await using var terminal = Apply($"2>'{errors}'");
        await terminal.SeeAsync(Question);
        await terminal.TypeAsync("no\r");

        (await terminal.EndAsync()).ShouldBe(ExitCodes.Error);
        (await File.ReadAllTextAsync(errors)).ShouldBe("error: nothing was changed\n");
    }

    [Fact]
    public async Task A_terminal_has_colours_and_progress_and_neither_goes_into_a_file()
    {
        await using (var terminal = Apply())
        {
            await terminal.SeeAsync(Question);
            await terminal.TypeAsync("no\r");
            await terminal.EndAsync();
            terminal.Shown.ShouldContain("\e[32m  + assistant.receptionist\e[0m");
            terminal.Shown.ShouldContain("\r\e[Kreading what is there...");
        }

        _repository.Environment["NO_COLOR"] = "1";
        await using (var terminal = Apply())
        {
            await terminal.SeeAsync(Question);
            await terminal.TypeAsync("no\r");
            await terminal.EndAsync();
            terminal.Shown.ShouldNotContain("\e[3");
        }

        _repository.Environment.Remove("NO_COLOR");
        var output = _repository.PathOf("plan.txt");
        await using (var terminal = Apply($">'{output}'"))
        {
            await terminal.SeeAsync(Question);
            await terminal.TypeAsync("no\r");
            await terminal.EndAsync();
            (await File.ReadAllTextAsync(output)).ShouldNotContain("\e");
        }
    }

    [Fact]
    public async Task A_narrow_terminal_gets_no_line_of_a_value_that_wraps()
    {
        _repository.Environment["COLUMNS"] = "60";
        await using var terminal = Apply();
        await terminal.SeeAsync(Question);
        await terminal.TypeAsync("no\r");
        await terminal.EndAsync();

        terminal.Shown.Split('\n').Where(line => line.StartsWith("      ", StringComparison.Ordinal)).Select(line => line.TrimEnd('\r'))
            .Where(line => line.Contains(": ", StringComparison.Ordinal) && line.Length > 60 && !line.Contains(" -> ", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
