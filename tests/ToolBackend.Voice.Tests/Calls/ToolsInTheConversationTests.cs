using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.Audio;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>Tools of the catalog, a foreign tool at its own server, a transfer, an end.</summary>
public sealed class ToolsInTheConversationTests(ToolVoiceFixture voice) : IClassFixture<ToolVoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_catalog_tool_runs_in_the_caller_s_scope_and_its_result_reaches_the_model()
    {
        voice.Language.Script = request => request.FreshResults is [var result] ? CompletionAnswer.Say(result.Content) : CompletionAnswer.Call("list_appointments", "{}");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("When is my appointment?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldStartWith("The caller has one appointment. a check-up with Doctor Alice Nguyen on ");
    }

    [Fact]
    public async Task A_slow_tool_is_announced_by_the_definition_and_never_leaves_dead_air()
    {
        voice.Language.Script = request => request.FreshResults is [var result] ? CompletionAnswer.Say(result.Content) : CompletionAnswer.Call("look_up_insurance", """{"member":"A1"}""");
        voice.ToolServer = async (body, http) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), http.RequestAborted);
            return new JsonObject { ["results"] = new JsonArray(new JsonObject { ["toolCallId"] = (string?)body["message"]!["toolCallList"]![0]!["id"], ["result"] = "You are covered." }) };
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Am I insured?", Cancellation);
        (await phone.ListenAsync(Cancellation, quiet: TimeSpan.FromSeconds(2.5))).ShouldBe("I am looking that up. Still looking. You are covered.");
        phone.Record.LongestSilenceOf("looking that up").ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_tool_server_is_asked_as_Vapi_would_ask_it()
    {
        var asked = new TaskCompletionSource<(JsonNode Body, string? Signature)>(TaskCreationOptions.RunContinuationsAsynchronously);
        voice.Language.Script = request => request.FreshResults is [var result] ? CompletionAnswer.Say(result.Content) : CompletionAnswer.Call("look_up_insurance", """{"member":"A1"}""");
        voice.ToolServer = (body, http) =>
        {
            asked.TrySetResult((body, http.Request.Headers["X-Vapi-Secret"]));
            return Task.FromResult(new JsonObject { ["results"] = new JsonArray(new JsonObject { ["toolCallId"] = (string?)body["message"]!["toolCallList"]![0]!["id"], ["error"] = "No such member." }) });
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Am I insured?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("I am looking that up. No such member.");
        var (body, signature) = await asked.Task.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        signature.ShouldBe(ToolVoiceFixture.Secret);
        ((string?)body["message"]!["type"]).ShouldBe("tool-calls");
        body["message"]!["toolCallList"]![0]!["function"]!["arguments"]!.ToJsonString().ShouldBe("""{"member":"A1"}""");
        ((string?)body["message"]!["customer"]!["number"]).ShouldBe(voice.Phone().From);
    }

    [Fact]
    public async Task A_tool_whose_message_blocks_begins_when_it_was_heard()
    {
        var began = 0L;
        voice.Language.Script = request => request.FreshResults is [var result] ? CompletionAnswer.Say(result.Content) : CompletionAnswer.Call("send_form", """{"to":"home"}""");
        voice.ToolServer = (body, _) =>
        {
            began = TimeProvider.System.GetTimestamp();
            return Task.FromResult(Result(body, "It was sent."));
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Send me the form.", Cancellation);
        (await phone.ListenAsync(Cancellation, quiet: TimeSpan.FromSeconds(1.5))).ShouldBe("I will send the form to your home. It was sent.");
        phone.Record.Heard.Single(w => w.Text is "home.").At.ShouldBeLessThan(began + (TimeProvider.System.TimestampFrequency / 4));
    }

    [Fact]
    public async Task A_tool_whose_message_blocks_never_begins_when_the_caller_interrupts_it()
    {
        var calls = 0;
        voice.Language.Script = request => request.LastUserText.Contains("form", StringComparison.OrdinalIgnoreCase)
            ? CompletionAnswer.Call("send_form", """{"to":"home"}""")
            : CompletionAnswer.Say($"Then not. {request.Messages.LastOrDefault(m => m.Role is "tool")?.Content}");
        voice.ToolServer = (body, _) =>
        {
            calls++;
            return Task.FromResult(Result(body, "It was sent."));
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Send me the form.", Cancellation);
        await phone.HearAsync("I will", Cancellation);
        await phone.SayAsync("No wait, stop.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldEndWith("Then not. Not done. the caller interrupted before it began.");
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task Variables_of_a_result_are_in_what_is_said_and_asked_afterwards()
    {
        var asked = new List<string>();
        voice.Language.Script = request => request.FreshResults.Count > 0 ? CompletionAnswer.Say("Done.")
            : request.LastUserText.Contains("first", StringComparison.OrdinalIgnoreCase) ? CompletionAnswer.Call("open_case", """{"number":"forged"}""")
            : CompletionAnswer.Say(request.Messages[0].Content);
        voice.ToolServer = (body, _) =>
        {
            asked.Add(string.Join(", ", body["message"]!["toolCallList"]![0]!["function"]!["arguments"]!.AsObject().Select(a => $"{a.Key}={a.Value}")));
            return Task.FromResult(Result(body, """{"case":{"ids":["K7","K8"],"owner":"Ms. Lee"}}"""));
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("The first one.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Your case is K8 with Ms. Lee.");
        await phone.SayAsync("And the last one?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("You answer the phone. Case K8.");
        asked.ShouldBe([$"number={voice.Phone().From}, case="]);
    }

    [Fact]
    public async Task Keys_are_pressed_as_tones_that_a_menu_understands()
    {
        voice.Language.Script = request => request.FreshResults is [var result] ? CompletionAnswer.Say(result.Content) : CompletionAnswer.Call("dtmf", """{"dtmf":"4w2#"}""");
        await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { KeepsAudio = true }, Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("For service press four.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("The keys were pressed.");
        KeyToneDecoder.Read(phone.Recording).ShouldBe("42#");
    }

    [Fact]
    public async Task An_answering_machine_that_we_called_gets_the_message_and_the_call_ends()
    {
        var options = voice.Phone();
        await using var phone = await TwilioPhone.CallAsync(options with { From = options.To, To = options.From, IsOutbound = true, AnsweredBy = "machine_end_beep" }, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Please call us back.");
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        phone.Verbs.ShouldBe(["Connect", "Hangup"]);
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        (call.EndedReason, call.EndedClass, call.Type, call.Caller).ShouldBe(("voicemail", "normal", "outboundPhoneCall", options.From));
    }

    [Fact]
    public async Task A_phrase_of_the_definition_ends_the_call_when_it_was_said()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("All right, HAVE A LOVELY DAY then.");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("That was all.", Cancellation);
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        phone.HeardText.ShouldEndWith("All right, HAVE A LOVELY DAY then.");
        phone.Verbs.ShouldBe(["Connect", "Hangup"]);
    }

    private static JsonObject Result(JsonNode asked, string result) =>
        new() { ["results"] = new JsonArray(new JsonObject { ["toolCallId"] = (string?)asked["message"]!["toolCallList"]![0]!["id"], ["result"] = result }) };
}

/// <summary>An assistant with a foreign tool and a transfer of its own, and that tool's server.</summary>
public class ToolVoiceFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis), IAsyncLifetime
{
    public const string Secret = "a-secret-of-more-than-24-bytes-for-tools";

    private readonly string _folder = Directory.CreateTempSubdirectory("voice-tools").FullName;
    private WebApplication? _server;

    /// <summary>What the tool's server answers.</summary>
    public Func<JsonNode, HttpContext, Task<JsonObject>> ToolServer { get; set; } = (_, _) => Task.FromResult(new JsonObject());

    /// <summary>What is said when the foreign tool is asked.</summary>
    protected virtual string Filler => "I am looking that up.";

    protected override string Assistant => "helper";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Voice:Definitions"] = _folder, ["Voice:Environment"] = "test", ["Vapi:Webhook:Secret"] = Secret,
    };

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapPost("/tools", async (HttpContext http) =>
        {
            var answer = await ToolServer((await JsonNode.ParseAsync(http.Request.Body))!, http);
            await http.Response.WriteAsync(answer.ToJsonString());
        });
        await _server.StartAsync();
        Write("environments/test.yaml", "allowLoopback: true\nvariables: {}\n");
        Write("tools/list_appointments.yaml", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vapi", "tools", "list_appointments.yaml")));
        Write("assistants/helper.md", """
            ---
            name: helper
            firstMessage: Hello.
            transcriber: {provider: deepgram, model: flux-general-en}
            startSpeakingPlan: {waitSeconds: 0}
            endCallPhrases: [have a lovely day]
            voicemailMessage: Please call us back.
            model:
              provider: groq
              model: openai/gpt-oss-20b
              maxTokens: 300
              toolIds: [list_appointments]
              tools:
                - type: function
                  function: {name: look_up_insurance, description: Insurance., parameters: {type: object, properties: {member: {type: string}}}}
                  server: {url: "TOOLS/tools", timeoutSeconds: 10}
                  messages:
                    - {type: request-start, content: "FILLER"}
                    - {type: request-response-delayed, timingMilliseconds: 2000, content: Still looking.}
                - type: function
                  function: {name: send_form, description: Sends the form., parameters: {type: object, properties: {to: {type: string}}}}
                  server: {url: "TOOLS/tools"}
                  messages:
                    - {type: request-start, content: "I will send the form to your home.", blocking: true}
                - type: function
                  function: {name: open_case, description: Opens a case., parameters: {type: object, properties: {number: {type: string}}}}
                  server: {url: "TOOLS/tools"}
                  parameters: [{key: number, value: "{{customer.number}}"}, {key: case, value: "{{case}}"}]
                  variableExtractionPlan:
                    aliases: [{key: case, value: "{{$.case.ids[1]}}"}, {key: owner, value: "{{$.case.owner}}"}]
                  messages:
                    - {type: request-start, content: ""}
                    - {type: request-complete, content: "Your case is {{case}} with {{owner}}."}
                - {type: dtmf, messages: [{type: request-start, content: ""}]}
                - type: transferCall
                  destinations:
                    - {type: number, number: "+12065550110", message: Connecting you to the front desk., callerId: "{{phoneNumber.number}}", extension: "12", transferPlan: {mode: warm-transfer-say-message, message: "A caller asks for you.", dialTimeout: 40}}
                  messages: [{type: request-start, content: ""}]
            voice: {provider: 11labs, voiceId: EXAVITQu4vr4xnSDxMaL, model: eleven_flash_v2_5}
            ---
            You answer the phone. Case {{case}}.
            """.Replace("TOOLS", _server.Urls.First(), StringComparison.Ordinal).Replace("FILLER", Filler, StringComparison.Ordinal));
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _server!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
