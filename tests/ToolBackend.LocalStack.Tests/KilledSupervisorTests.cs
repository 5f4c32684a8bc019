using System.Diagnostics;
using System.Globalization;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Tests;

public sealed class KilledSupervisorTests : IDisposable
{
    private readonly string _folder = LocalFolders.NewTemporary();

    public void Dispose() => LocalFolders.TryDelete(_folder);

    [Fact]
    public async Task Servers_end_when_their_supervisor_is_killed_and_the_next_start_finds_the_data()
    {
        var cluster = Path.Combine(_folder, "postgres");
        var start = new ProcessStartInfo("dotnet", [typeof(LocalPostgres).Assembly.Location, "supervise-servers", cluster])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var supervisor = Process.Start(start)!;
        var line = await supervisor.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var servers = line!.Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).ToArray();
        var everything = servers.SelectMany(ProcessTable.Tree).ToArray();
        everything.Length.ShouldBeGreaterThan(4);
        everything.ShouldAllBe(pid => ProcessTable.IsAlive(pid));

        // SIGKILL: no handler, no finally, no exit hook runs.
        supervisor.Kill();

        await WaitUntilGoneAsync(everything);
        await using var next = await LocalPostgres.StartNewAsync(new LocalPostgresOptions { Folder = cluster, Durable = false });
        (await Sql.ScalarAsync(next.ConnectionString, "select 1")).ShouldBe(1);
    }

    private static async Task WaitUntilGoneAsync(int[] pids)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (pids.Any(ProcessTable.IsAlive))
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
