using System.CommandLine;
using System.Text.Json;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Commands;

/// <summary><c>./dev status</c>: exit code 0 when the stack runs and the Api says that it is ready, else 1.</summary>
internal static class StatusCommand
{
    public static Command Create(StackPaths paths)
    {
        var json = new Option<bool>("--json") { Description = "For scripts: {\"running\",\"ready\",\"stack\"}; stack is .local/stack.json." };
        var command = new Command("status", "Show what runs.") { json };
        command.SetAction((parsed, cancellation) => RunAsync(paths, parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StackPaths paths, bool json, CancellationToken cancellation)
    {
        var stack = RunningStack.Find(paths);
        var readiness = stack is null ? null : await ReadinessAsync(stack, cancellation);
        var ready = readiness == "ready";
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { running = stack is not null, ready, stack }, StackFile.Json));
        }
        else if (stack is null)
        {
            await Console.Out.WriteLineAsync(RunningStack.Supervisor(paths) is { } pid ? $"Starting or stopping (supervisor {pid})." : "No stack is running.");
        }
        else
        {
            await Console.Out.WriteLineAsync($"""
                supervisor  process {stack.Pids.Supervisor}
                postgres    {(stack.Pids.Postgres is { } postgres ? $"process {postgres}" : "not ours")}
                redis       {stack.Redis.Endpoint}, {(stack.Pids.Redis is { } redis ? $"process {redis}" : "not ours")}
                api         {stack.Api.Url}, process {stack.Pids.Api}, {readiness}
                voice       {stack.Voice.Url}, process {stack.Pids.Voice}
                vapi        {Vendor(stack.Simulators.Vapi, stack.Pids.Vapi)}
                twilio      {(stack.Simulators.Twilio is { } twilio ? $"{twilio.Url}, process {stack.Pids.Twilio} (simulator)" : "not ours")}
                deepgram    {Vendor(stack.Simulators.Deepgram, stack.Pids.Deepgram)}
                elevenlabs  {Vendor(stack.Simulators.ElevenLabs, stack.Pids.ElevenLabs)}
                assemblyai  {Vendor(stack.Simulators.AssemblyAi, stack.Pids.AssemblyAi)}
                language    {Vendor(stack.Simulators.Language, stack.Pids.Language)}
                """);
        }

        return ready ? 0 : 1;
    }

    private static string Vendor(StackFile.Simulator? simulator, int? pid) => simulator is null ? "not ours" : $"{simulator.Url}, process {pid} (simulator)";

    private static async Task<string> ReadinessAsync(StackFile stack, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var answer = await http.GetAsync(new Uri(stack.Api.Url + "/readyz"), cancellation);
            return answer.IsSuccessStatusCode ? "ready" : $"not ready ({(int)answer.StatusCode})";
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return $"does not answer ({error.Message})";
        }
    }
}
