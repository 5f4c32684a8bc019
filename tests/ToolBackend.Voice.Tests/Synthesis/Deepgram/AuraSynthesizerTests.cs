using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Deepgram;
using ToolBackend.Voice.Tests.Vendors;

namespace ToolBackend.Voice.Tests.Synthesis.Deepgram;

public sealed class AuraSynthesizerTests : IDisposable
{
    private const string FlushFrame = """{"type":"Flush"}""";

    private static readonly VoiceModel s_voice = new("deepgram", "aura-2-thalia-en");

    private readonly VendorConnector _connector = new(TimeProvider.System);
    private readonly SynthesisOptions _options = new() { FirstByteDeadline = TimeSpan.FromMilliseconds(500), StallDeadline = TimeSpan.FromMilliseconds(400) };

    public void Dispose() => _connector.Dispose();

    [Fact]
    public async Task Text_is_spoken_in_order_and_a_flush_is_marked_behind_its_audio()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.SayAsync("""{"type":"Metadata","request_id":"uuid","model_name":"aura-2-thalia-en"}""");
            for (var i = 0; await c.HearUntilAsync("Flush"); i++)
            {
                await c.SayAsync([(byte)i, (byte)i], text: false);
                await c.SayAsync($$"""{"type":"Flushed","sequence_id":{{i}}}""");
            }
        });
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Of course,", flush: true);
        stream.Write("I can.", flush: false);
        stream.Complete();
        var audio = await ReadAsync(stream);
        audio.Select(static a => (a.MuLaw.Length, a.EndsFlush)).ShouldBe([(2, false), (0, true), (2, false), (0, true)]);
        var connection = vendor.Connections.Single();
        connection.Query.ShouldBe("?model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000");
        connection.Authorization.ShouldBe("Token key");
        connection.Texts.ShouldBe(["""{"type":"Speak","text":"Of course, "}""", FlushFrame, """{"type":"Speak","text":"I can. "}""", FlushFrame]);
    }

    [Fact]
    public async Task What_comes_between_Clear_and_Cleared_is_not_heard()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            await c.HearUntilAsync("Flush");
            await c.SayAsync([1], text: false);
            await c.HearUntilAsync("Clear");
            await c.SayAsync([2], text: false);
            await c.SayAsync("""{"type":"Flushed","sequence_id":0}""");
            await c.SayAsync("""{"type":"Cleared","sequence_id":1}""");
            await c.HearUntilAsync("Flush");
            await c.SayAsync([3], text: false);
            await c.SayAsync("""{"type":"Flushed","sequence_id":2}""");
            await c.IgnoreAsync();
        });
        await using var synthesizer = Open(vendor);
        var first = synthesizer.Begin();
        first.Write("First.", flush: true);
        (await first.Audio.ReadAsync()).MuLaw.ToArray().ShouldBe(new byte[] { 1 });
        await first.DisposeAsync();
        await using var second = synthesizer.Begin();
        second.Write("Second.", flush: true);
        second.Complete();
        (await ReadAsync(second)).SelectMany(static a => a.MuLaw.ToArray()).ShouldBe(new byte[] { 3 });
    }

    [Fact]
    public async Task An_utterance_waits_for_the_one_before()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            while (await c.HearUntilAsync("Flush"))
            {
                await c.SayAsync([(byte)c.Texts.Count], text: false);
                await c.SayAsync("""{"type":"Flushed","sequence_id":0}""");
            }
        });
        await using var synthesizer = Open(vendor);
        await using var first = synthesizer.Begin();
        await using var second = synthesizer.Begin();
        second.Write("Second.", flush: true);
        second.Complete();
        first.Write("First.", flush: true);
        first.Complete();
        (await ReadAsync(first)).SelectMany(static a => a.MuLaw.ToArray()).ShouldBe(new byte[] { 2 });
        (await ReadAsync(second)).SelectMany(static a => a.MuLaw.ToArray()).ShouldBe(new byte[] { 4 });
    }

    [Fact]
    public async Task Sentences_are_joined_when_flushes_run_short()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static async c =>
        {
            while (await c.HearUntilAsync("Flush"))
            {
                await c.SayAsync([1], text: false);
                await c.SayAsync("""{"type":"Flushed","sequence_id":0}""");
            }
        });
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        for (var i = 0; i < 30; i++)
        {
            stream.Write("One more sentence.", flush: true);
        }

        stream.Complete();
        (await ReadAsync(stream)).Count(static a => a.EndsFlush).ShouldBe(15);
        vendor.Connections.Single().Texts.Count(static t => t == FlushFrame).ShouldBe(15);
    }

    [Fact]
    public async Task No_first_byte_in_time_is_a_time_out()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.IgnoreAsync());
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Hello.", flush: true);
        (await Should.ThrowAsync<ProviderException>(() => ReadAsync(stream))).Fault.ShouldBe(ProviderFault.TimedOut);
        await Eventually.IsTrueAsync(() => Task.FromResult(vendor.Connections.Count == 2), TimeSpan.FromSeconds(5), "the next utterance has no connection");
    }

    [Fact]
    public async Task A_cut_ends_the_utterance()
    {
        await using var vendor = await ScriptedVendor.StartAsync(static c => c.HearUntilAsync("Flush"));
        await using var synthesizer = Open(vendor);
        await using var stream = synthesizer.Begin();
        stream.Write("Hello.", flush: true);
        (await Should.ThrowAsync<ProviderException>(() => ReadAsync(stream))).Fault.ShouldBe(ProviderFault.ServerError);
    }

    [Fact]
    public void Long_texts_are_cut_between_words()
    {
        var frames = AuraFrames.Speak(string.Concat(Enumerable.Repeat("word ", 1000))).ToList();
        frames.Count.ShouldBe(3);
        frames.ShouldAllBe(static f => f.Length <= 2000 + 30);
    }

    [Theory]
    [InlineData("aura-2-thalia-en", null, "aura-2-thalia-en")]
    [InlineData("thalia", "aura-2", "aura-2-thalia-en")]
    [InlineData("asteria", "aura", "aura-asteria-en")]
    public void A_voice_is_named_as_definitions_do(string voice, string? model, string name) =>
        AuraFrames.Address(new VoiceModel("deepgram", voice) { Model = model }).ShouldStartWith($"/v1/speak?model={name}&");

    [Fact]
    public void Of_twenty_flushes_a_minute_six_are_kept_for_ends()
    {
        var budget = new FlushBudget();
        Enumerable.Range(0, 20).Count(i => budget.TryTake(TimeSpan.FromSeconds(i), ends: false)).ShouldBe(14);
        Enumerable.Range(0, 20).Count(_ => budget.TryTake(TimeSpan.FromSeconds(20), ends: true)).ShouldBe(6);
        budget.Wait(TimeSpan.FromSeconds(20)).ShouldBe(TimeSpan.FromSeconds(40));
        budget.TryTake(TimeSpan.FromSeconds(60), ends: true).ShouldBeTrue();
    }

    private static async Task<List<SpeechAudio>> ReadAsync(ISpeechStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var all = new List<SpeechAudio>();
        await foreach (var piece in stream.Audio.ReadAllAsync(limit.Token))
        {
            all.Add(piece);
        }

        return all;
    }

    private ISynthesizer Open(ScriptedVendor vendor) =>
        new AuraSynthesizers(new VendorOptions { BaseUrl = vendor.Url, ApiKey = "key" }, _connector, _options, TimeProvider.System).Open(s_voice);
}
