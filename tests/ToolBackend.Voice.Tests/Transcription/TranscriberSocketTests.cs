using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Tests.Vendors;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.Deepgram;
using static ToolBackend.Voice.Transcription.TranscriptKind;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class TranscriberSocketTests : IDisposable
{
    private static readonly TranscriberModel s_flux = new("deepgram") { Model = "flux-general-en", EndOfTurnThreshold = 0.7, EndOfTurnTimeout = TimeSpan.FromSeconds(5), ConfidenceThreshold = 0.4 };
    private static readonly TranscriberModel s_nova = new("deepgram") { Model = "nova-3", Endpointing = TimeSpan.FromMilliseconds(300), ConfidenceThreshold = 0.4 };

    private readonly VendorConnector _connector = new(TimeProvider.System);
    private readonly TranscriptionOptions _options = new() { ConnectDeadline = TimeSpan.FromSeconds(1), CloseDeadline = TimeSpan.FromSeconds(2) };

    public void Dispose() => _connector.Dispose();

    [Fact]
    public async Task Audio_goes_out_in_pieces_and_what_is_said_comes_back()
    {
        await using var vendor = await ScriptedVendor.StartAsync(async c =>
        {
            await c.SayAsync("""{"type":"Connected","request_id":"r","sequence_id":0}""");
            await c.HearAudioAsync(640);
            await c.SayAsync(Turn("StartOfTurn", "Hello"));
            await c.SayAsync(Turn("EndOfTurn", "Hello there."));
            await c.HearUntilAsync("CloseStream");
        });
        await using var transcriber = Open(vendor, s_flux);
        // Odd sizes, and all of it before the connection can be open.
        transcriber.Write(new byte[100]);
        transcriber.Write(new byte[410]);
        transcriber.Write(new byte[130]);
        var events = await Feed.UntilAsync(transcriber.Events, Over);
        events.Select(static e => (e.Kind, e.Text)).ShouldBe([(SpeechStarted, ""), (Heard, "Hello"), (Over, "Hello there.")]);
        var connection = vendor.Connections.Single();
        connection.Audio.Select(static a => a.Length).ShouldBe([160, 160, 160, 160]);
        connection.Authorization.ShouldBe("Token secret");
        connection.Path.ShouldBe("/v2/listen");
    }

    [Fact]
    public async Task The_end_asks_for_the_last_words_and_gives_them()
    {
        await using var vendor = await ScriptedVendor.StartAsync(async c =>
        {
            (await c.HearUntilAsync("CloseStream")).ShouldBeTrue();
            await c.SayAsync("""{"type":"Results","start":0,"duration":1,"is_final":true,"speech_final":true,"channel":{"alternatives":[{"transcript":"Goodbye.","confidence":0.9}]}}""");
            await c.SayAsync("""{"type":"Metadata","channels":1}""");
            await c.CloseAsync(1000, "");
            await c.IgnoreAsync();
        });
        var transcriber = Open(vendor, s_nova);
        transcriber.Write(new byte[1000]);
        await WaitForAudioAsync(vendor, 960);
        var all = Feed.AllAsync(transcriber.Events);
        await transcriber.DisposeAsync();
        (await all).Select(static e => (e.Kind, e.Text)).ShouldBe([(SpeechStarted, ""), (Paused, "Goodbye.")], ignoreOrder: false);
        vendor.Connections.Single().AudioBytes.ShouldBe(1000, "the last piece may be short");
        vendor.Connections.Single().Audio.ShouldAllBe(static a => a.Length > 0);
    }

    [Theory]
    [InlineData(400, ProviderFault.Rejected)]
    [InlineData(401, ProviderFault.Authentication)]
    [InlineData(402, ProviderFault.Quota)]
    [InlineData(403, ProviderFault.Rejected)]
    [InlineData(429, ProviderFault.RateLimited)]
    [InlineData(503, ProviderFault.ServerError)]
    public async Task F7_a_refused_upgrade_ends_with_its_fault(int status, ProviderFault fault)
    {
        await using var vendor = await ScriptedVendor.StartAsync(static _ => Task.CompletedTask, _ => status);
        await using var transcriber = Open(vendor, s_flux);
        var thrown = await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events));
        thrown.Fault.ShouldBe(fault);
        thrown.Code.ShouldBe(status.ToString());
        thrown.ToString().ShouldNotContain("secret");
        thrown.RetryAfter.ShouldBe(status is 429 or 503 ? TimeSpan.FromSeconds(3) : null);
    }

    [Fact]
    public async Task F7_nobody_listening_is_unreachable()
    {
        string url;
        await using (var vendor = await ScriptedVendor.StartAsync(static _ => Task.CompletedTask))
        {
            url = vendor.Url;
        }

        await using var transcriber = Open(url, s_flux);
        (await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events))).Fault.ShouldBe(ProviderFault.Unreachable);
    }

    [Fact]
    public async Task F7_accepted_and_silent_is_deaf_within_the_greetings_deadline()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        await using var transcriber = Open(vendor, s_flux);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        var thrown = await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events));
        thrown.Fault.ShouldBe(ProviderFault.TimedOut);
        TimeProvider.System.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task F7_a_stall_in_the_middle_is_deafness()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync("""{"type":"Connected"}""");
            await c.HearAudioAsync(800);
            await c.SayAsync(Turn("Update", ""));
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(vendor, s_flux);
        using var stop = new CancellationTokenSource();
        var feeding = Feed.FramesAsync(transcriber, stop.Token);
        (await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events))).Fault.ShouldBe(ProviderFault.TimedOut);
        await stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task Without_audio_nobody_is_deaf_and_nova_is_kept_alive()
    {
        var options = new TranscriptionOptions { KeepAlive = TimeSpan.FromSeconds(1), NovaDeafAfter = TimeSpan.FromSeconds(1.5) };
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        await using var transcriber = new DeepgramTranscribers(new VendorOptions { BaseUrl = vendor.Url, ApiKey = "secret" }, _connector, options, TimeProvider.System).Open(s_nova, null);
        await Testing.Eventually.IsTrueAsync(() => Task.FromResult(vendor.Connections.Any(static c => c.Texts.Count >= 2)), TimeSpan.FromSeconds(5), "no KeepAlive came");
        vendor.Connections.Single().Texts.ShouldAllBe(static t => t == """{"type":"KeepAlive"}""");
        transcriber.Events.Completion.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task F7_a_close_in_mid_word_ends_with_the_vendors_code()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync(Turn("StartOfTurn", "My num"));
            await c.CloseAsync(1011, "Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001");
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(vendor, s_flux);
        var thrown = await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events));
        (thrown.Fault, thrown.Code).ShouldBe((ProviderFault.ServerError, "NET-0001"));
    }

    [Fact]
    public async Task F7_a_cut_without_a_close_frame_is_a_server_error()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.HearAudioAsync(160));
        await using var transcriber = Open(vendor, s_flux);
        transcriber.Write(new byte[160]);
        (await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events))).Fault.ShouldBe(ProviderFault.ServerError);
    }

    [Fact]
    public async Task F7_one_garbage_frame_is_passed_over_and_a_stream_of_them_is_not()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync("{\"type\":\"Turn");
            await c.SayAsync(Turn("StartOfTurn", "Hello"));
            await c.SayAsync([1, 2, 3], text: false);
            await c.SayAsync("[]");
            await c.SayAsync("not json");
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(vendor, s_flux);
        (await Feed.NextAsync(transcriber.Events)).Kind.ShouldBe(SpeechStarted);
        (await Feed.NextAsync(transcriber.Events)).Text.ShouldBe("Hello");
        (await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events))).Fault.ShouldBe(ProviderFault.Protocol);
    }

    [Fact]
    public async Task An_error_message_ends_it()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync("""{"type":"Error","sequence_id":14,"code":"INTERNAL_SERVER_ERROR","description":"x"}""");
            await c.IgnoreAsync();
        });
        await using var transcriber = Open(vendor, s_flux);
        var thrown = await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events));
        (thrown.Fault, thrown.Code).ShouldBe((ProviderFault.ServerError, "INTERNAL_SERVER_ERROR"));
    }

    [Fact]
    public async Task A_vendor_that_never_answers_the_upgrade_times_out()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var transcriber = Open($"http://{listener.LocalEndpoint}", s_flux);
        var thrown = await Should.ThrowAsync<ProviderException>(() => Feed.AllAsync(transcriber.Events));
        (thrown.Fault, thrown.Code).ShouldBe((ProviderFault.TimedOut, "connect"));
    }

    [Fact]
    public async Task A_vendor_that_ignores_the_goodbye_is_left_after_the_deadline()
    {
        var options = new TranscriptionOptions { CloseDeadline = TimeSpan.FromMilliseconds(100) };
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        var transcriber = new DeepgramTranscribers(new VendorOptions { BaseUrl = vendor.Url, ApiKey = "secret" }, _connector, options, TimeProvider.System).Open(s_nova, null);
        transcriber.Write(new byte[160]);
        await WaitForAudioAsync(vendor, 160);
        await transcriber.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2));
        (await Feed.AllAsync(transcriber.Events)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("deepgram")]
    public void An_address_that_would_carry_a_key_in_the_clear_is_refused(string address) =>
        Should.Throw<ArgumentException>(() => Open(address, s_flux)).Message.ShouldContain("BaseUrl");

    private static string Turn(string name, string text) =>
        $$"""{"type":"TurnInfo","event":"{{name}}","turn_index":0,"audio_window_start":0,"audio_window_end":0.1,"transcript":"{{text}}","words":[],"end_of_turn_confidence":0.8}""";

    private static Task WaitForAudioAsync(ScriptedVendor vendor, int bytes) =>
        Testing.Eventually.IsTrueAsync(() => Task.FromResult(vendor.Connections.Any(c => c.AudioBytes >= bytes)), TimeSpan.FromSeconds(5), "the audio did not come");

    private ITranscriber Open(ScriptedVendor vendor, TranscriberModel settings) => Open(vendor.Url, settings);

    private ITranscriber Open(string url, TranscriberModel settings) =>
        new DeepgramTranscribers(new VendorOptions { BaseUrl = url, ApiKey = "secret" }, _connector, _options, TimeProvider.System).Open(settings, 0.4);
}
