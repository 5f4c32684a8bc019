using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Synthesis.Kept;

namespace ToolBackend.Voice.Tests.Calls;

public sealed class KeptSpeechFixture(PostgresCluster cluster, RedisServer redis) : ToolVoiceFixture(cluster, redis)
{
    /// <summary>What ElevenLabs was given to speak, which is what it bills.</summary>
    public long Characters => ElevenLabs.Connections.All.Sum(c => c.Characters);

    protected override string Filler => "I am looking that up in the book of all members who are insured with us, which may take me a moment or two.";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings, StringComparer.Ordinal) { ["Voice:SpeechCache:PrepareAtStart"] = "true" };

    /// <summary>Waits until every sentence is there: in a cold process the first try may be too late.</summary>
    public Task ReadyAsync() =>
        Eventually.IsTrueAsync(() => Task.FromResult(Log.Lines.Any(l => l.Contains("fixed sentences are ready", StringComparison.Ordinal))), TimeSpan.FromSeconds(30), "the sentences were not made");

    /// <summary>Waits until a host has tried all of its sentences.</summary>
    public static Task PreparedAsync(IServiceProvider host, CancellationToken cancellation) => host.GetRequiredService<SpeechPreparation>().Tried.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
}

/// <summary>Sentences that were made before a call needs them: what the caller hears, and what the vendor is asked for.</summary>
public sealed class KeptSpeechTests(KeptSpeechFixture voice) : IClassFixture<KeptSpeechFixture>
{
    private const string Filler = "I am looking that up in the book of all members who are insured with us, which may take me a moment or two.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_call_after_a_start_is_greeted_from_what_was_prepared_and_another_replica_finds_it_in_Redis()
    {
        await voice.ReadyAsync();
        var asked = voice.Characters;
        var connections = voice.ElevenLabs.Connections.Count;
        asked.ShouldBeGreaterThan(Filler.Length);

        var log = new CapturedLog();
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        await using var replica = await voice.StartHostAsync(url, log, ("Voice:PublicUrl", url));
        await KeptSpeechFixture.PreparedAsync(replica.Services, Cancellation);
        voice.ElevenLabs.Connections.Count.ShouldBe(connections);
        log.Lines.ShouldContain(l => l.Contains("fixed sentences are ready", StringComparison.Ordinal));

        foreach (var address in (string[])[voice.Url, url])
        {
            await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { VoiceUrl = address + "/twilio/voice", StatusCallback = null }, Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldBe("Hello.");
            TestContext.Current.TestOutputHelper?.WriteLine($"Greeting {phone.Elapsed(phone.StreamStarted, phone.Record.Onsets[0]).TotalMilliseconds:0.0} ms after start.");
        }

        voice.Characters.ShouldBe(asked);
        await replica.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_tool_s_messages_are_heard_in_their_place_and_only_the_answer_is_made()
    {
        await voice.ReadyAsync();
        voice.Language.Script = request => request.FreshResults is [var result]
            ? CompletionAnswer.Say(result.Content)
            : CompletionAnswer.Say("Gladly.") with { Calls = CompletionAnswer.Call("look_up_insurance", """{"member":"A1"}""").Calls };
        voice.ToolServer = (body, _) => Covered(body);
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        var asked = voice.Characters;
        await phone.SayAsync("Am I insured?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe($"Gladly. {Filler} You are covered.");
        (voice.Characters - asked).ShouldBeInRange("Gladly.You are covered.".Length, "Gladly. You are covered. ".Length + 2);
        phone.Record.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_interruption_of_a_kept_sentence_leaves_what_was_heard_of_it()
    {
        await voice.ReadyAsync();
        voice.Language.Script = request => request.LastUserText.StartsWith("Am I", StringComparison.Ordinal) && request.FreshResults.Count == 0
            ? CompletionAnswer.Call("look_up_insurance", """{"member":"A1"}""")
            : CompletionAnswer.Say("As you like.");
        voice.ToolServer = async (body, http) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(4), http.RequestAborted);
            return await Covered(body);
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Am I insured?", Cancellation);
        await phone.HearAsync("in the book", Cancellation);
        await phone.SayAsync("No wait, never mind.", Cancellation);
        var rest = await phone.ListenAsync(Cancellation);
        rest.ShouldEndWith("As you like.");
        var heard = rest[..^" As you like.".Length].Split(' ');
        heard.Length.ShouldBeLessThan(Filler.Split(' ').Length);
        var kept = LastRequest().Split('\n').Last(l => l.StartsWith("assistant: I am", StringComparison.Ordinal))["assistant: ".Length..];
        kept.ShouldEndWith(" —");
        Math.Abs(kept[..^2].Split(' ').Length - heard.Length).ShouldBeLessThanOrEqualTo(1, $"kept \"{kept}\", heard \"{rest}\"");
    }

    [Fact]
    public async Task A_start_without_the_vendor_is_a_start_and_what_is_missing_is_made_when_it_is_back()
    {
        await voice.ReadyAsync();
        var log = new CapturedLog();
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        voice.ElevenLabs.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503 });
        try
        {
            // Keys of its own, so that Redis has nothing for it.
            await using var alone = await voice.StartHostAsync(url, log, ("Voice:PublicUrl", url), ("Redis:KeyPrefix", "alone-" + Guid.NewGuid().ToString("N")[..8]));
            await KeptSpeechFixture.PreparedAsync(alone.Services, Cancellation);
            using (var http = new HttpClient())
            {
                (await http.GetAsync(url + "/readyz", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
            }

            log.Lines.ShouldContain(l => l.Contains("could not be made beforehand (11labs: ", StringComparison.Ordinal));
            voice.ElevenLabs.Faults.Clear();
            await Eventually.IsTrueAsync(() => Task.FromResult(log.Lines.Any(l => l.Contains("fixed sentences are ready", StringComparison.Ordinal))), TimeSpan.FromSeconds(30), "the sentences were not made");
            await alone.StopAsync(Cancellation);
        }
        finally
        {
            voice.ElevenLabs.Faults.Clear();
        }
    }

    [Fact]
    public async Task When_no_voice_can_speak_the_apology_is_heard_all_the_same()
    {
        await voice.ReadyAsync();
        voice.Language.Script = _ => CompletionAnswer.Say("Of course you are.");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        voice.ElevenLabs.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503 });
        voice.ElevenLabs.SocketFaults.Add(new SocketFault(SocketFaultKind.Close) { Open = true, Times = 0 });

        try
        {
            await phone.SayAsync("Am I insured?", Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldStartWith("I'm sorry, I didn't get that.");
        }
        finally
        {
            voice.ElevenLabs.Faults.Clear();
            voice.ElevenLabs.SocketFaults.Clear();
        }
    }

    private static Task<JsonObject> Covered(JsonNode body) => Task.FromResult(new JsonObject
    {
        ["results"] = new JsonArray(new JsonObject { ["toolCallId"] = (string?)body["message"]!["toolCallList"]![0]!["id"], ["result"] = "You are covered." }),
    });

    private string LastRequest()
    {
        var body = JsonNode.Parse(voice.Language.Requests.All.Last(r => r.Target.EndsWith("/chat/completions", StringComparison.Ordinal)).Body)!;
        return string.Join('\n', body["messages"]!.AsArray().Select(m => $"{m!["role"]}: {m["content"]}"));
    }
}
