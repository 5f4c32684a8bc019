using System.Text;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Data;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;
using ToolBackend.Core.Resilience;
using ToolBackend.Voice.Synthesis.Kept;

namespace ToolBackend.Voice.Hosting.Warming;

/// <summary>
/// Runs what a first caller would pay for before <c>/readyz</c> says yes: calls against stand-ins, tools that leave nothing, the fixed sentences. All of it has a few seconds: a host without Postgres, Redis
/// or a voice is ready lukewarm.
/// </summary>
internal sealed partial class VoiceWarmUp(
    IServiceProvider host, Assistants assistants, ToolRunner tools, BookingRehearsal bookings, CallRehearsal calls, DatabaseHealth database, SpeechPreparation preparation, Readiness readiness,
    IOptions<VoiceOptions> options, TimeProvider time, ILogger<VoiceWarmUp> logger) : BackgroundService
{
    /// <summary>Each takes about a second; what is compiled by then is compiled.</summary>
    private const int Rounds = 2;

    private const int ToolRounds = 20, WriteRounds = 3;

    private static readonly TimeSpan s_enough = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.WarmUp)
        {
            var started = time.GetTimestamp();
            using var enough = new Deadline(s_enough, time, stoppingToken);
            await Task.WhenAll(
                TryAsync("calls", CallsAsync(enough.Token), stoppingToken),
                TryAsync("tools", ToolsAsync(enough.Token), stoppingToken),
                TryAsync("sentences", preparation.Tried.WaitAsync(enough.Token), stoppingToken));
            LogWarm((int)time.GetElapsedTime(started).TotalMilliseconds);
        }

        readiness.IsWarm = true;
    }

    /// <summary>Not a reason to stay away: what fails here fails a caller with a sentence, and what works must work.</summary>
    private async Task TryAsync(string part, Task work, CancellationToken stopping)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogStumbled(part, e.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            // Stopped before it was warm.
        }
    }

    private async Task CallsAsync(CancellationToken enough)
    {
        if (assistants.InUse.FirstOrDefault() is not { } assistant)
        {
            return; // nobody takes calls
        }

        await using var rehearsed = await RehearsedCalls.StartAsync(host, assistant, enough);
        for (var i = 0; i < Rounds; i++)
        {
            await Task.WhenAll(rehearsed.RunAsync(isFlux: true), rehearsed.RunAsync(isFlux: false));
        }

        if (rehearsed.Reported is { } reported && database.IsUp)
        {
            await calls.RunAsync(reported, enough);
        }
    }

    private async Task ToolsAsync(CancellationToken enough)
    {
        while (!database.IsUp)
        {
            await Task.Delay(s_look, time, enough);
        }

        for (var i = 0; i < ToolRounds && !enough.IsCancellationRequested; i++)
        {
            // Every round another caller, since known answers come from memory.
            var call = new CallContext($"warm-up-{i}", $"warm-up-{i}", PhoneNumber.TryParse($"+1000000{i:D4}", out var nobody) ? nobody : null, null);
            await AskAsync(call, "track_shipment", $$"""{"trackingNumber":"WARMUP{{i}}"}""");
            await AskAsync(call, "list_appointments", "{}");
            if (i < WriteRounds)
            {
                await AskAsync(call, "find_open_slots", """{"date":"tomorrow"}""");
                if (await bookings.ArgumentsAsync() is { } booking)
                {
                    await AskAsync(call, "book_appointment", booking);
                }
            }
        }
    }

    private async Task AskAsync(CallContext call, string tool, string arguments) => await tools.RunAsync(tool, $"warm-up-{tool}", Encoding.UTF8.GetBytes(arguments), call, rehearsal: true);

    [LoggerMessage(3521, LogLevel.Information, "Ready after a warm-up of {Milliseconds} ms")]
    private partial void LogWarm(int milliseconds);

    [LoggerMessage(3522, LogLevel.Warning, "The warm-up of {Part} was not finished ({Fault})")]
    private partial void LogStumbled(string part, string fault);
}
