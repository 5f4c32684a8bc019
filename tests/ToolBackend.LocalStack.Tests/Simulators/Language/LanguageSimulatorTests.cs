using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Language.Faults;

namespace ToolBackend.LocalStack.Tests.Simulators.Language;

/// <summary>The bytes of each vendor, as recorded.</summary>
public sealed class LanguageSimulatorTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private LanguageSimulator _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Timing = new TokenTiming { FirstToken = TimeSpan.FromMilliseconds(3), Interval = TimeSpan.FromMilliseconds(1) } });
        _http.DefaultRequestHeaders.Authorization = new("Bearer", _simulator.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _simulator.DisposeAsync();
    }

    private static JsonObject Body(string model, params JsonObject[] messages) => new()
    {
        ["model"] = model,
        ["stream"] = true,
        ["messages"] = new JsonArray([.. messages.Length > 0 ? messages : [Message("user", "Hello")]]),
    };

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static JsonObject Calls(params string[] ids) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray([.. ids.Select(id => new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = "{}" } })]),
    };

    private static JsonObject Result(string id) => new() { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = "done" };

    private async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Answer)> PostAsync(string prefix, JsonObject body)
    {
        var answer = await _http.PostAsync($"{_simulator.Url}{prefix}/chat/completions", new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    private async Task<List<JsonObject>> ChunksAsync(string prefix, JsonObject body)
    {
        var (status, text, _) = await PostAsync(prefix, body);
        status.ShouldBe(HttpStatusCode.OK, text);
        var lines = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        lines[^1].ShouldBe("data: [DONE]");
        return [.. lines[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!.AsObject())];
    }

    private static JsonObject? Choice(JsonObject chunk) => chunk["choices"]!.AsArray() is [JsonObject choice, ..] ? choice : null;

    private static JsonObject Delta(JsonObject chunk) => Choice(chunk)!["delta"]!.AsObject();

    [Fact]
    public async Task Groq_reports_usage_three_times_when_asked_and_ends_with_a_chunk_without_choices()
    {
        _simulator.Script = _ => CompletionAnswer.Say("Hello there.");
        var body = Body("openai/gpt-oss-120b");
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        var chunks = await ChunksAsync("/openai/v1", body);
        Delta(chunks[0]).ToJsonString().ShouldBe("""{"role":"assistant","content":""}""");
        chunks[0]["x_groq"]!["seed"].ShouldNotBeNull();
        Delta(chunks[1]).ToJsonString().ShouldBe("""{"content":"Hello"}""");
        Delta(chunks[2])["content"]!.GetValue<string>().ShouldBe(" there.");
        Choice(chunks[3])!["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        chunks[3]["x_groq"]!["usage"]!["completion_tokens"]!.GetValue<int>().ShouldBe(2);
        chunks[3]["usage"]!["completion_tokens"]!.GetValue<int>().ShouldBe(2);
        chunks[4]["choices"]!.AsArray().ShouldBeEmpty();
        chunks[4]["service_tier"]!.GetValue<string>().ShouldBe("on_demand");
        chunks.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Groq_without_include_usage_tells_it_in_x_groq_only()
    {
        var chunks = await ChunksAsync("/openai/v1", Body("openai/gpt-oss-120b"));
        chunks[^1]["x_groq"]!["usage"].ShouldNotBeNull();
        chunks[^1]["usage"].ShouldBeNull();
    }

    [Fact]
    public async Task Together_repeats_the_role_has_a_seed_beyond_Int64_and_ends_tool_calls_twice()
    {
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Paris"}""");
        var chunks = await ChunksAsync("/v1", Body("openai/gpt-oss-120b"));
        chunks.ShouldAllBe(chunk => Delta(chunk)["role"]!.GetValue<string>() == "assistant");
        chunks.Select(chunk => Choice(chunk)!["finish_reason"]?.GetValue<string>()).ShouldBe([null, "tool_calls", "tool_calls"]);
        Choice(chunks[^1])!["seed"]!.GetValue<ulong>().ShouldBe(15924764223251450000UL);
        chunks[^1]["usage"]!["cached_tokens"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Fireworks_sends_the_role_alone_and_usage_unasked()
    {
        var chunks = await ChunksAsync("/inference/v1", Body("accounts/fireworks/models/gpt-oss-20b"));
        Delta(chunks[0]).ToJsonString().ShouldBe("""{"role":"assistant"}""");
        chunks[^1]["usage"]!["prompt_tokens_details"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Models_that_are_not_gpt_oss_send_whole_calls_at_Groq()
    {
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Paris"}""");
        (await ChunksAsync("/openai/v1", Body("moonshotai/kimi-k2-instruct-0905"))).Count(chunk => Choice(chunk) is not null && Delta(chunk)["tool_calls"] is not null).ShouldBe(1);
        (await ChunksAsync("/openai/v1", Body("openai/gpt-oss-20b"))).Count(chunk => Choice(chunk) is not null && Delta(chunk)["tool_calls"] is not null).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task Tokens_that_reasoning_took_are_missing_in_the_text()
    {
        _simulator.Script = _ => CompletionAnswer.Say("Hello there.") with { ReasoningTokens = 20 };
        var body = Body("openai/gpt-oss-20b");
        body["max_completion_tokens"] = 16;
        var chunks = await ChunksAsync("/openai/v1", body);
        chunks.Count(chunk => Delta(chunk)["reasoning"] is not null).ShouldBe(16);
        Choice(chunks[^1])!["finish_reason"]!.GetValue<string>().ShouldBe("length");
        chunks[^1]["x_groq"]!["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>().ShouldBe(16);
    }

    public static TheoryData<string, string> BadConversations { get; } = new()
    {
        { "result without a call", Body("openai/gpt-oss-20b", Message("user", "x"), Result("a")).ToJsonString() },
        { "call without a result", Body("openai/gpt-oss-20b", Message("user", "x"), Calls("a"), Message("user", "y")).ToJsonString() },
        { "one of two results", Body("openai/gpt-oss-20b", Message("user", "x"), Calls("a", "b"), Result("a")).ToJsonString() },
        { "the result of another call", Body("openai/gpt-oss-20b", Message("user", "x"), Calls("a"), Result("b")).ToJsonString() },
        { "no messages", """{"model":"openai/gpt-oss-20b","stream":true,"messages":[]}""" },
        { "a role that is none", """{"model":"openai/gpt-oss-20b","stream":true,"messages":[{"role":"robot","content":"x"}]}""" },
        { "a name, at Groq", """{"model":"openai/gpt-oss-20b","stream":true,"messages":[{"role":"user","name":"x","content":"x"}]}""" },
        { "logprobs, at Groq", """{"model":"openai/gpt-oss-20b","stream":true,"logprobs":true,"messages":[{"role":"user","content":"x"}]}""" },
        { "effort for a model that does not reason", """{"model":"moonshotai/kimi-k2-instruct-0905","stream":true,"reasoning_effort":"low","messages":[{"role":"user","content":"x"}]}""" },
        { "no streaming", """{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"x"}]}""" },
        { "no limit at all", """{"model":"openai/gpt-oss-20b","stream":true,"max_tokens":0,"messages":[{"role":"user","content":"x"}]}""" },
    };

    [Theory]
    [MemberData(nameof(BadConversations))]
    public async Task A_request_that_the_vendor_would_refuse_is_refused(string why, string body)
    {
        var (status, text, _) = await PostAsync("/openai/v1", JsonNode.Parse(body)!.AsObject());
        status.ShouldBe(HttpStatusCode.BadRequest, why);
        JsonNode.Parse(text)!["error"]!["type"]!.GetValue<string>().ShouldBe("invalid_request_error");
    }

    [Fact]
    public async Task Calls_with_all_their_results_are_accepted() =>
        (await PostAsync("/openai/v1", Body("openai/gpt-oss-20b", Message("user", "x"), Calls("a", "b"), Result("b"), Result("a"), Message("user", "y")))).Status.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("/openai/v1", "nobody", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("/openai/v1", "llama-3.3-70b-versatile", HttpStatusCode.BadRequest, "model_decommissioned")]
    [InlineData("/v1", "nobody", HttpStatusCode.NotFound, "model_not_available")]
    [InlineData("/inference/v1", "nobody", HttpStatusCode.NotFound, "NOT_FOUND")]
    public async Task An_unknown_model_is_refused_in_the_vendors_words(string prefix, string model, HttpStatusCode status, string code)
    {
        var answer = await PostAsync(prefix, Body(model));
        answer.Status.ShouldBe(status);
        JsonNode.Parse(answer.Body)!["error"]!["code"]!.GetValue<string>().ShouldBe(code);
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        _http.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        (await PostAsync("/openai/v1", Body("openai/gpt-oss-20b"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Every_answer_tells_limits_in_the_vendors_way()
    {
        (await PostAsync("/openai/v1", Body("openai/gpt-oss-20b"))).Answer.Headers.GetValues("x-ratelimit-reset-requests").Single().ShouldBe("2m59.56s");
        (await PostAsync("/v1", Body("nobody"))).Answer.Headers.GetValues("x-ratelimit-reset").Single().ShouldBe("1");
        (await PostAsync("/inference/v1", Body("nobody"))).Answer.Headers.GetValues("x-ratelimit-over-limit").Single().ShouldBe("no");
    }

    [Fact]
    public async Task Together_lists_models_as_a_bare_array()
    {
        JsonNode.Parse(await _http.GetStringAsync(_simulator.Url + "/v1/models")).ShouldBeOfType<JsonArray>();
        JsonNode.Parse(await _http.GetStringAsync(_simulator.Url + "/openai/v1/models"))!["data"].ShouldBeOfType<JsonArray>();
    }

    [Fact]
    public async Task Faults_scripts_and_timing_can_be_set_from_outside()
    {
        (await _http.PostAsJsonAsync(_simulator.Url + "/_sim/stream-faults", new { kind = "toolUseFailed", vendor = "groq", times = 1 })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _http.PostAsJsonAsync(_simulator.Url + "/_sim/faults", new { kind = "status", status = 503, path = "/v1", times = 1 })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _http.PostAsJsonAsync(_simulator.Url + "/_sim/script", new { text = "One two." })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _http.PostAsJsonAsync(_simulator.Url + "/_sim/timing", new { firstToken = "00:00:00.001" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _simulator.StreamFaults.Current.Single().Vendor.ShouldBe(SimulatedVendor.Groq);
        _simulator.Timing.FirstToken.ShouldBe(TimeSpan.FromMilliseconds(1));
        (await PostAsync("/v1", Body("openai/gpt-oss-20b"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await PostAsync("/v1", Body("openai/gpt-oss-20b"))).Body.ShouldContain("\"One\"");
        (await _http.GetStringAsync(_simulator.Url + "/_sim/generations")).ShouldContain("\"completed\"");
        await _http.PostAsync(_simulator.Url + "/_sim/reset", null);
        _simulator.StreamFaults.Current.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_of_tool_use_spares_requests_without_tools()
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.ToolUseFailed));
        (await PostAsync("/openai/v1", Body("openai/gpt-oss-20b"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Each_token_leaves_at_its_own_moment_and_late_wake_ups_do_not_add_up()
    {
        _simulator.Timing = new TokenTiming();
        _simulator.Script = _ => CompletionAnswer.Say(string.Join(' ', Enumerable.Repeat("word", 31)));
        for (var i = 0; i < 5; i++)
        {
            await PostAsync("/openai/v1", Body("openai/gpt-oss-20b"));
        }

        var generations = _simulator.Generations.All;
        generations.ShouldAllBe(g => g.FirstToken >= TimeSpan.FromMilliseconds(100) && g.Ended >= TimeSpan.FromMilliseconds(400) && g.TokensSent == 31);
        // The machine may be busy, but not five times; thirty waits of 10 ms that each came late by a timer's tick would be far beyond this every time.
        generations.Min(g => g.Ended!.Value).ShouldBeLessThan(TimeSpan.FromMilliseconds(500));
    }
}
