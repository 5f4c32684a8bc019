using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Testing;
using ToolBackend.Voice.FrontDoor;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>Ends that Vapi tells of calls which never came through the front door.</summary>
public sealed class EndedReasonTests(FrontDoorFixture voice) : IClassFixture<FrontDoorFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HealthPhase Phase => voice.Services.GetRequiredService<HealthBoard>().Standings.Single(s => s.Provider == FrontDesk.Vapi).State.Phase;

    [Fact]
    public async Task Three_calls_that_Vapi_s_workers_lost_take_it_out_and_each_counts_once()
    {
        voice.MakeWell();
        await EndAsync("lost-1", "call.in-progress.error-vapifault-worker-died");
        await Eventually.IsTrueAsync(() => Task.FromResult(Phase is HealthPhase.Suspect), TimeSpan.FromSeconds(15), "the first one was not noticed");
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation); // two more looks at the same call
        Phase.ShouldNotBe(HealthPhase.Down);
        await EndAsync("lost-2", "worker-shutdown");
        await EndAsync("lost-3", "call.start.error-vapifault-get-org");
        await EndAsync("lost-4", "assistant-join-timed-out");
        await Eventually.IsTrueAsync(() => Task.FromResult(Phase is HealthPhase.Down), TimeSpan.FromSeconds(15), "three more were not noticed");
    }

    [Fact]
    public async Task Ends_that_are_not_Vapi_s_fault_say_nothing_of_it()
    {
        voice.MakeWell();
        foreach (var reason in (string[])["customer-ended-call", "phone-call-provider-closed-websocket", "call.in-progress.error-providerfault-groq-llm-failed", "assistant-not-found"])
        {
            await EndAsync("fine-" + reason[..12], reason);
        }

        var orders = voice.Services.GetRequiredService<CallOrderStore>();
        await orders.GiveAsync(NewOrder.Of("forwarded", OrderKind.Forward, "CAforwarded", new ForwardRequest("+12065550110", "forwarded", null), "vapi"), Cancellation);
        await EndAsync("forwarded", "worker-shutdown", "CAforwarded");
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var folded = source.CreateCommand("select count(*) from call where ended_class is not null and (call_id like 'fine-%' or provider_call_id = 'CAforwarded')");
                return await folded.ExecuteScalarAsync(Cancellation) is 5L;
            },
            TimeSpan.FromSeconds(30), "the ends were not folded");
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation); // two looks
        Phase.ShouldBe(HealthPhase.Healthy);
    }

    private async Task EndAsync(string callRef, string reason, string? callSid = null)
    {
        await Eventually.IsTrueAsync(() => Task.FromResult(voice.Services.GetRequiredService<DatabaseHealth>().IsUp), TimeSpan.FromSeconds(15), "the host does not know yet that Postgres is there");
        var now = TimeProvider.System.GetUtcNow();
        var ended = new CallEvent(callRef, Guid.NewGuid(), CallEventSource.Vapi, "status-update", CallEventKind.Status, now, now, callSid, new CallFacts { Status = "ended", EndedReason = reason });
        await voice.Services.GetRequiredService<CallEventStore>().AppendAsync(new ReportedEvent(ended, null, null), Cancellation);
    }
}
