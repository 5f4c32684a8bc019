using System.Diagnostics;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Tests.Processes;

public sealed class SupervisedProcessTests
{
    private static Task<SupervisedProcess> Shell(string script, TimeSpan? grace = null) => SupervisedProcess.StartAsync(
        new SupervisedProcessOptions { Name = "script", CommandLine = ["/bin/sh", "-c", script], StopGrace = grace ?? TimeSpan.FromSeconds(10) });

    [Fact]
    public async Task The_pid_is_the_programs_own_and_its_exit_code_and_last_words_are_kept()
    {
        await using var process = await Shell("echo $$; echo oops >&2; exit 42");

        (await process.Exit.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(42);
        process.Log.Tail.Split('\n').ShouldBe([$"{process.Pid}", "oops"], ignoreOrder: true);
    }

    [Fact]
    public async Task Stopping_lets_the_program_finish_its_work()
    {
        await using var process = await Shell("trap 'echo finished; exit 0' TERM; echo started; while :; do sleep 0.05; done");
        await WaitForAsync(process, "started");

        await process.StopAsync();

        process.Log.Tail.ShouldContain("finished");
        (await process.Exit).ShouldBe(0);
    }

    [Fact]
    public async Task A_program_that_ignores_the_request_is_killed_after_the_grace()
    {
        await using var process = await Shell("trap '' TERM; echo started; while :; do sleep 0.05; done", TimeSpan.FromSeconds(1));
        await WaitForAsync(process, "started");
        var watch = Stopwatch.StartNew();

        await process.StopAsync();

        (await process.Exit).ShouldBe(128 + 9);
        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_program_that_is_frozen_can_still_be_stopped()
    {
        await using var process = await Shell("echo started; while :; do sleep 0.05; done");
        await WaitForAsync(process, "started");
        process.Pause();

        await process.StopAsync();

        (await process.Exit).ShouldBe(128 + 15);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_ends_with_127_and_the_shells_reason()
    {
        await using var process = await SupervisedProcess.StartAsync(
            new SupervisedProcessOptions { Name = "nothing", CommandLine = ["/nowhere/at-all"] });

        (await process.Exit.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(127);
        process.Log.Tail.ShouldContain("/nowhere/at-all");
    }

    [Fact]
    public async Task Everything_that_a_killed_program_started_is_killed_with_it()
    {
        await using var process = await Shell("sleep 1000 & echo started; wait");
        await WaitForAsync(process, "started");
        var tree = ProcessTable.Tree(process.Pid);
        tree.Count.ShouldBe(2);

        await process.KillAsync();

        (await process.Exit).ShouldBe(128 + 9);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (tree.Any(ProcessTable.IsAlive))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static async Task WaitForAsync(SupervisedProcess process, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!process.Log.Tail.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
