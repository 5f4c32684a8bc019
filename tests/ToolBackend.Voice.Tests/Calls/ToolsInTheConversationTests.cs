using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;

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
    public async Task A_caller_who_wants_a_person_is_connected_after_a_sentence()
    {
        voice.Language.Script = _ => CompletionAnswer.Call("transferCall", "{}");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("A person, please.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Connecting you to the front desk.");
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        phone.Verbs.ShouldBe(["Connect", "Dial +12065550110"]);
    }
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
                - type: transferCall
                  destinations: [{type: number, number: "+12065550110", message: Connecting you to the front desk.}]
                  messages: [{type: request-start, content: ""}]
            voice: {provider: 11labs, voiceId: EXAVITQu4vr4xnSDxMaL, model: eleven_flash_v2_5}
            ---
            You answer the phone.
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
