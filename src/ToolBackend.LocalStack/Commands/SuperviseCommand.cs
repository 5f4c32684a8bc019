using System.CommandLine;

namespace ToolBackend.LocalStack.Commands;

/// <summary>Hidden: runs both servers and says where they are, for the test that kills their supervisor.</summary>
internal static class SuperviseCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var command = new Command("supervise-servers", "Run Postgres and Redis until killed.") { folder };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new LocalPostgresOptions { Folder = parsed.GetValue(folder)!, Durable = false };
            await using var postgres = await LocalPostgres.StartNewAsync(options, cancellation);
            await using var redis = await LocalRedis.StartNewAsync(cancellation: cancellation);
            await Console.Out.WriteLineAsync($"{postgres.Pid} {redis.Pid}");
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        return command;
    }
}
