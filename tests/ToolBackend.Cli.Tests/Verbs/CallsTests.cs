using System.Diagnostics;
using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Testing.Calls;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed class CallsTests(RunningApi api) : IClassFixture<RunningApi>, IAsyncLifetime
{
    private static readonly DateTimeOffset s_opened = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public async ValueTask InitializeAsync() => await CallRows.SaveAsync(
        api.Database,
        [.. Enumerable.Range(1, 5).Select(n => SampleCall.Ended($"cli-{n}", s_opened.AddMinutes(n)) with { EndedClass = n == 3 ? "platform" : "normal", EndedReason = n == 3 ? "worker-shutdown" : "customer-ended-call" })]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task List_prints_a_table_for_people_and_paints_it_only_when_asked()
    {
        var plain = await RunAsync("list", "--to", "2026-11-02T00:00:00Z");
        plain.ExitCode.ShouldBe(ExitCodes.Ok, plain.Error);
        var lines = plain.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldContain("OPENED (UTC)");
        lines[1].ShouldStartWith("+  2026-11-01 12:05:00  cli-5");
        lines[3].ShouldStartWith("x  2026-11-01 12:03:00  cli-3");
        lines[3].ShouldContain("platform: worker-shutdown");
        lines[^1].ShouldBe("5 calls");
        plain.Output.ShouldNotContain("\e");

        (await RunAsync("list", "--color=always", "--to", "2026-11-02T00:00:00Z")).Output.ShouldContain("\e[31mx");
    }

    [Fact]
    public async Task List_json_is_one_object_a_line_behind_the_schema()
    {
        var result = await RunAsync("list", "--json", "--class", "normal", "--to", "2026-11-02T00:00:00Z", "--limit", "3", "--caller", SampleCall.Caller, "--search", "check-up");

        result.ExitCode.ShouldBe(ExitCodes.Ok, result.Error);
        result.Objects[0].GetProperty("schema").GetString().ShouldBe("toolbackend.cli/1");
        result.Objects[0].GetProperty("verb").GetString().ShouldBe("calls list");
        result.Objects.Skip(1).SkipLast(1).Select(o => o.GetProperty("call").GetProperty("callId").GetString()).ShouldBe(["cli-5", "cli-4", "cli-2"]);
        result.Objects[^1].GetProperty("calls").GetInt32().ShouldBe(3);
        result.Objects[^1].GetProperty("more").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Show_tells_one_timeline_of_words_and_tools_and_prints_no_escapes_of_the_callers()
    {
        var call = SampleCall.Ended("cli-show", s_opened.AddDays(2));
        await CallRows.SaveAsync(api.Database, call with { Transcript = [.. call.Transcript, new Utterance("user", "Bye\e[2J\a", s_opened.AddDays(2).AddSeconds(50))] });
        await using (var command = api.Database.CreateCommand("""
            insert into tool_invocation (tool_invocation_id, at, call_id, tool_call_id, tool, outcome, failed, source, duration_ms)
            values (gen_random_uuid(), '2026-11-03 12:00:30+00', 'cli-show', 'tool-cli-show', 'book_appointment', 'booked', false, 'database', 14.46)
            """))
        {
            await command.ExecuteNonQueryAsync();
        }

        var result = await RunAsync("show", "CA-cli-show");

        result.ExitCode.ShouldBe(ExitCodes.Ok, result.Error);
        result.Output.ShouldContain("+ cli-show  ended  normal: customer-ended-call");
        var timeline = result.Output[result.Output.IndexOf("0:03.0", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        timeline.Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(
        [
            "0:03.0 assistant Hello, how can I help?", "0:08.0 user I need a check-up on Thursday.", "0:30.0 tool book_appointment (booked, 14.5 ms, database)", "0:40.0 assistant You are booked.", "0:50.0 user Bye·[2J·",
        ]);

        var json = await RunAsync("show", "cli-show", "--json");
        json.Objects[1].GetProperty("call").GetProperty("callId").GetString().ShouldBe("cli-show");
        json.Objects[1].GetProperty("toolCalls").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Tail_shows_the_open_calls_then_every_change_once_over_a_restart_of_the_service()
    {
        var now = TimeProvider.System.GetUtcNow();
        await CallRows.SaveAsync(api.Database, SampleCall.Open("cli-tail", now));
        var process = CliProcess.Start(null, api.Environment, "calls", "tail", "--json");
        var lines = new List<JsonElement>();
        try
        {
            await UntilAsync(process, lines, o => Type(o) == "synced");
            lines[0].GetProperty("verb").GetString().ShouldBe("calls tail");
            lines.Where(o => Type(o) == "call").Select(o => o.GetProperty("call").GetProperty("callId").GetString()).ShouldContain("cli-tail");
            lines.Clear();

            await ChangeAsync(now, 3, 10);
            await UntilAsync(process, lines, o => Version(o) == 10);
            await api.RestartAsync();
            await ChangeAsync(now, 11, 15);
            await UntilAsync(process, lines, o => Version(o) == 15);
            lines.Select(Version).OfType<long>().ShouldBe(Enumerable.Range(3, 13).Select(n => (long)n));
            lines.ShouldNotContain(o => Type(o) == "synced", "it went on where it was cut off");

            // SIGTERM takes the same way as Ctrl-C, and reaches a child of a background shell too.
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            await process.WaitForExitAsync().WaitAsync(s_patience);
            process.ExitCode.ShouldBe(ExitCodes.Interrupted);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    [Fact]
    public async Task A_wrong_key_exits_5_and_is_not_repeated()
    {
        foreach (var verb in (string[])["list", "tail"])
        {
            var result = await CliProcess.RunAsync(null, With(OperatorClient.KeyVariable, "hunter2-hunter2"), "calls", verb);
            result.ExitCode.ShouldBe(ExitCodes.Authentication);
            result.Error.ShouldContain("fix: check TOOLBACKEND_OPERATOR_KEY");
            $"{result.Output}{result.Error}".ShouldNotContain("hunter2");
        }
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show some-call")]
    [InlineData("tail")]
    public async Task A_service_that_is_not_there_is_an_error_with_something_to_do(string verb)
    {
        var result = await CliProcess.RunAsync(null, With(OperatorClient.UrlVariable, "http://127.0.0.1:1"), ["calls", .. verb.Split(' ')]);
        result.ExitCode.ShouldBe(ExitCodes.Error);
        result.Error.ShouldContain("http://127.0.0.1:1 does not answer");
        result.Error.ShouldContain("fix: check TOOLBACKEND_URL");
    }

    [Theory]
    [InlineData(OperatorClient.UrlVariable, null)]
    [InlineData(OperatorClient.UrlVariable, "ftp://example.com")]
    [InlineData(OperatorClient.KeyVariable, null)]
    [InlineData(OperatorClient.KeyVariable, "key with spaces")]
    public async Task A_variable_that_cannot_be_used_is_named(string variable, string? value)
    {
        var result = await CliProcess.RunAsync(null, With(variable, value), "calls", "list");
        result.ExitCode.ShouldBe(ExitCodes.Error);
        result.Error.ShouldContain($"error: {variable} is not");
        result.Error.ShouldContain($"fix: export {variable}=");
    }

    [Theory]
    [InlineData("list --status over")]
    [InlineData("list --limit 0")]
    [InlineData("list --from yesterday")]
    [InlineData("list --caller 5550142")]
    [InlineData("show")]
    public async Task What_is_not_understood_exits_64(string line)
    {
        var result = await RunAsync(line.Split(' '));
        result.ExitCode.ShouldBe(ExitCodes.Usage, result.Error);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_unknown_call_exits_1()
    {
        var result = await RunAsync("show", "no-such-call");
        result.ExitCode.ShouldBe(ExitCodes.Error);
        result.Error.ShouldContain("There is no call of this name.");
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync(null, api.Environment, ["calls", .. arguments]);

    private Dictionary<string, string?> With(string variable, string? value) => new(api.Environment, StringComparer.Ordinal) { [variable] = value };

    private async Task ChangeAsync(DateTimeOffset opened, int from, int to)
    {
        for (var version = from; version <= to; version++)
        {
            CallState call = SampleCall.Open("cli-tail", opened) with { Version = version };
            api.Feed.ChangesCommitted(await CallRows.SaveAsync(api.Database, call));
        }
    }

    private static async Task UntilAsync(Process process, List<JsonElement> lines, Func<JsonElement, bool> last)
    {
        using var limit = new CancellationTokenSource(s_patience);
        do
        {
            var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(limit.Token));
            lines.Add(JsonSerializer.Deserialize<JsonElement>(line));
        }
        while (!last(lines[^1]));
    }

    private static string? Type(JsonElement line) => line.TryGetProperty("type", out var type) ? type.GetString() : null;

    private static long? Version(JsonElement line) => Type(line) == "call" ? line.GetProperty("call").GetProperty("version").GetInt64() : null;
}
