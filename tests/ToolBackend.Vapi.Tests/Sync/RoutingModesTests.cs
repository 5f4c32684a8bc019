using ToolBackend.LocalStack.Simulators.Twilio;

namespace ToolBackend.Vapi.Tests.Sync;

/// <summary>What apply sets at Twilio for each way of running a line (docs/failover.md), and the ways between them.</summary>
public sealed class RoutingModesTests : IAsyncLifetime
{
    /// <summary>Every call comes to us.</summary>
    private const string FrontDoor = """
        routing:
          voiceUrl: https://voice.example.com/twilio/voice
          voiceFallbackUrl: https://standby.example.com/twilio/voice
          statusCallback: https://voice.example.com/twilio/status
        """;

    /// <summary>Vapi's own addresses, and ours behind them.</summary>
    private const string FallbackOnly = """
        routing:
          voiceUrl: https://api.vapi.ai/twilio/inbound_call
          voiceFallbackUrl: https://voice.example.com/twilio/voice
          statusCallback: https://api.vapi.ai/twilio/status
        """;

    private SyncBench _bench = null!;

    private TwilioNumber Number => _bench.Twilio.Account.Numbers.Single(number => number.Number == SyncBench.Line);

    public async ValueTask InitializeAsync() => _bench = await SyncBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_line_goes_from_the_front_door_to_fallback_only_and_back_and_each_plan_after_it_is_empty()
    {
        foreach (var routing in (string[])[FrontDoor, FallbackOnly, FrontDoor])
        {
            await RouteAsync(routing);
            var isFrontDoor = routing == FrontDoor;
            Number.VoiceUrl.ShouldBe(isFrontDoor ? "https://voice.example.com/twilio/voice" : "https://api.vapi.ai/twilio/inbound_call");
            Number.VoiceFallbackUrl.ShouldBe(isFrontDoor ? "https://standby.example.com/twilio/voice" : "https://voice.example.com/twilio/voice");
            Number.StatusCallback.ShouldBe(isFrontDoor ? "https://voice.example.com/twilio/status" : "https://api.vapi.ai/twilio/status");
        }
    }

    [Fact]
    public async Task Fallback_only_of_a_number_that_Vapi_has_taken_sets_the_fallback_address_alone()
    {
        _bench.Twilio.Account.TakeOverByVapi(SyncBench.Line);
        await RouteAsync("routing:\n  voiceFallbackUrl: https://voice.example.com/twilio/voice");
        (Number.VoiceUrl, Number.VoiceFallbackUrl, Number.StatusCallback).ShouldBe(
            ("https://api.vapi.ai/twilio/inbound_call", "https://voice.example.com/twilio/voice", "https://api.vapi.ai/twilio/status"));
    }

    [Fact]
    public async Task A_number_that_is_saved_again_at_Vapi_keeps_its_mode()
    {
        await RouteAsync(FrontDoor);
        _bench.Folder.Edit("phone-numbers/line.yaml", "provider: twilio", "provider: twilio\nsmsEnabled: false");
        await _bench.AppliedAsync();
        Number.VoiceUrl.ShouldBe("https://voice.example.com/twilio/voice");
        Number.StatusCallback.ShouldBe("https://voice.example.com/twilio/status");
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task An_address_that_is_taken_out_of_the_file_is_cleared_and_the_plan_says_so_first()
    {
        await RouteAsync(FrontDoor);
        Route("routing:\n  voiceFallbackUrl: https://standby.example.com/twilio/voice");
        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["number-routing.line Update statusCallback voiceUrl"]);
        Number.VoiceUrl.ShouldBe("https://voice.example.com/twilio/voice");
        await _bench.AppliedAsync();
        (Number.VoiceUrl, Number.StatusCallback).ShouldBe(("", ""));
    }

    private void Route(string routing)
    {
        var file = File.ReadAllText(Path.Combine(_bench.Folder.Path, "phone-numbers/line.yaml"));
        _bench.Folder["phone-numbers/line.yaml"] = file[..file.IndexOf("routing:", StringComparison.Ordinal)] + routing + "\n";
    }

    private async Task RouteAsync(string routing)
    {
        Route(routing);
        await _bench.AppliedAsync();
        SyncBench.Short(await _bench.PlanAsync()).ShouldBeEmpty();
    }
}
