using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.Testing;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Language.Chat;

/// <summary>The client against the simulator, over real sockets.</summary>
public sealed class ChatCompletionsModelTests : IAsyncLifetime
{
    private static readonly TokenTiming s_fast = new() { FirstToken = TimeSpan.FromMilliseconds(5), Interval = TimeSpan.FromMilliseconds(1) };
    private readonly List<ChatCompletionsModel> _clients = [];
    private LanguageSimulator _simulator = null!;

    public static TheoryData<string> EveryVendor { get; } = [.. Conversations.Vendors.Select(vendor => vendor.Name)];

    public async ValueTask InitializeAsync() => _simulator = await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Timing = s_fast });

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _simulator.DisposeAsync();
    }

    private static ChatVendor Vendor(string name) => ChatVendor.All.Single(vendor => vendor.Name == name);

    private ChatCompletionsModel Client(ChatVendor vendor, LanguageOptions? options = null, string? key = null)
    {
        var client = _simulator.Client(vendor, options, key);
        _clients.Add(client);
        return client;
    }

    private Task<List<ModelOutput>> AskAsync(string vendor, string? model = null, IReadOnlyList<ModelTool>? tools = null) =>
        Client(Vendor(vendor)).AllAsync(Conversations.Ask(model ?? Conversations.ModelOf(Vendor(vendor))) with { Tools = tools ?? [] });

    private Task<ProviderException> FailAsync(string vendor, LanguageOptions? options = null, string? key = null, string? model = null) =>
        Should.ThrowAsync<ProviderException>(() => Client(Vendor(vendor), options, key).AllAsync(Conversations.Ask(model ?? Conversations.ModelOf(Vendor(vendor))) with { Tools = [Conversations.Weather] }));

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task A_text_comes_token_by_token_with_its_usage_once(string vendor)
    {
        _simulator.Script = _ => CompletionAnswer.Say("Your café is open — until nine.");
        var outputs = await AskAsync(vendor);
        outputs.OfType<ModelOutput.Text>().Select(text => text.Value).ShouldBe(["Your", " café", " is", " open", " —", " until", " nine."]);
        outputs.End().Reason.ShouldBe("stop");
        outputs.End().CompletionTokens.ShouldBe(7);
        outputs.End().PromptTokens.ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task Cut_into_single_bytes_with_comments_and_crlf_a_stream_says_the_same(string vendor)
    {
        _simulator.Wire = new WireForm { SplitBytes = 1, CrLf = true, Pings = true };
        _simulator.Script = _ => CompletionAnswer.Say("Jürgen’s 🚀 is here.") with { Calls = [new AnsweredCall("get_weather", """{"city":"Zürich"}""")] };
        var outputs = await AskAsync(vendor, tools: [Conversations.Weather]);
        outputs.Text().ShouldBe("Jürgen’s 🚀 is here.");
        outputs.Calls().Single().Arguments.ShouldBe("""{"city":"Zürich"}""");
    }

    [Theory]
    [InlineData("groq", ToolCallForm.AsVendor)]
    [InlineData("groq", ToolCallForm.Whole)]
    [InlineData("together-ai", ToolCallForm.AsVendor)]
    [InlineData("together-ai", ToolCallForm.Fragments)]
    [InlineData("fireworks", ToolCallForm.AsVendor)]
    [InlineData("fireworks", ToolCallForm.Whole)]
    public async Task Parallel_tool_calls_come_once_and_whole_however_they_are_cut(string vendor, ToolCallForm form)
    {
        _simulator.Wire = new WireForm { ToolCalls = form };
        _simulator.Script = _ => new CompletionAnswer { Calls = [new AnsweredCall("get_weather", """{"city":"Paris"}"""), new AnsweredCall("get_time", "")] };
        var outputs = await AskAsync(vendor, tools: [Conversations.Weather]);
        outputs.Select(output => output.GetType()).ShouldBe([typeof(ModelOutput.ToolCallBegun), typeof(ModelOutput.ToolCalls), typeof(ModelOutput.End)]);
        outputs.Calls().Select(call => (call.Name, call.Arguments)).ShouldBe([("get_weather", """{"city":"Paris"}"""), ("get_time", "{}")]);
        outputs.Calls().Select(call => call.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        outputs.End().Reason.ShouldBe("tool_calls");
    }

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task Reasoning_is_never_said(string vendor)
    {
        _simulator.Script = _ => CompletionAnswer.Say("Certainly.") with { ReasoningTokens = 200 };
        (await AskAsync(vendor)).Text().ShouldBe("Certainly.");
    }

    [Fact]
    public async Task Thoughts_inside_the_text_are_never_said()
    {
        _simulator.Script = _ => new CompletionAnswer { Tokens = ["<th", "ink>", "They want", " a < b", "</thi", "nk>", "\n\n", "Certainly", ", a <", " b."] };
        (await AskAsync("groq", "qwen/qwen3.6-27b")).Text().ShouldBe("Certainly, a < b.");
    }

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task An_answer_that_reasoning_ate_is_a_failure_and_no_silence(string vendor)
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.ReasoningEatsAll));
        (await FailAsync(vendor)).Code.ShouldBe("empty_answer");
    }

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task A_conversation_with_tool_results_is_accepted(string vendor)
    {
        var request = Conversations.Ask(Conversations.ModelOf(Vendor(vendor))) with
        {
            Tools = [Conversations.Weather],
            Messages =
            [
                new ModelMessage(ModelRole.System, "Be brief."),
                new ModelMessage(ModelRole.User, "Weather? \ud800"),
                new ModelMessage(ModelRole.Assistant, "") { ToolCalls = [new ModelToolCall("a", "get_weather", "{\"city\":"), new ModelToolCall("b", "get_weather", """{"city":"Rome"}""")] },
                new ModelMessage(ModelRole.Tool, "18") { ToolCallId = "a" },
                new ModelMessage(ModelRole.Tool, "20") { ToolCallId = "b" },
            ],
        };
        CompletionRequest? seen = null;
        _simulator.Script = asked =>
        {
            seen = asked;
            return CompletionAnswer.Say("Eighteen.");
        };
        (await Client(Vendor(vendor)).AllAsync(request)).Text().ShouldBe("Eighteen.");
        seen!.FreshResults.Select(result => result.Content).ShouldBe(["18", "20"]);
        seen.Messages[2].ToolCalls.Select(call => call.Arguments).ShouldBe(["{}", """{"city":"Rome"}"""]);
        seen.MaxTokens.ShouldBe(250);
        seen.Temperature.ShouldBe(0.3);
    }

    [Theory]
    [InlineData("groq", "openai/gpt-oss-20b", "low")]
    [InlineData("groq", "qwen/qwen3.6-27b", "none")]
    [InlineData("groq", "moonshotai/kimi-k2-instruct-0905", null)]
    [InlineData("together-ai", "openai/gpt-oss-20b", "low")]
    [InlineData("together-ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo", null)]
    [InlineData("fireworks", "accounts/fireworks/models/kimi-k2p6", null)]
    public async Task Effort_is_sent_only_where_it_is_understood(string vendor, string model, string? effort)
    {
        CompletionRequest? seen = null;
        _simulator.Script = asked =>
        {
            seen = asked;
            return CompletionAnswer.Say("Yes.");
        };
        await AskAsync(vendor, model);
        (seen!.Body["reasoning_effort"]?.GetValue<string>()).ShouldBe(effort);
    }

    [Theory]
    [InlineData("groq", 400, ProviderFault.Rejected, "invalid_request_error")]
    [InlineData("groq", 401, ProviderFault.Authentication, "invalid_api_key")]
    [InlineData("groq", 402, ProviderFault.Quota, "spending_limit")]
    [InlineData("groq", 403, ProviderFault.Authentication, "organization_restricted")]
    [InlineData("together-ai", 403, ProviderFault.Rejected, "input_too_long")]
    [InlineData("fireworks", 412, ProviderFault.Quota, "PRECONDITION_FAILED")]
    [InlineData("groq", 413, ProviderFault.Rejected, "rate_limit_exceeded")]
    [InlineData("fireworks", 422, ProviderFault.Rejected, "422")]
    [InlineData("groq", 429, ProviderFault.RateLimited, "rate_limit_exceeded")]
    [InlineData("together-ai", 429, ProviderFault.RateLimited, "dynamic_request_limited")]
    [InlineData("groq", 498, ProviderFault.RateLimited, "capacity_exceeded")]
    [InlineData("groq", 500, ProviderFault.ServerError, "server_error")]
    [InlineData("together-ai", 503, ProviderFault.ServerError, "server_error")]
    [InlineData("together-ai", 529, ProviderFault.ServerError, "server_error")]
    [InlineData("fireworks", 503, ProviderFault.ServerError, "DEPLOYMENT_SCALING_UP")]
    public async Task Every_refusal_has_its_meaning(string vendor, int status, ProviderFault fault, string code)
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = status });
        var failure = await FailAsync(vendor);
        (failure.Fault, failure.Code).ShouldBe((fault, code));
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(520)]
    [InlineData(524)]
    [InlineData(529)]
    public async Task A_gateways_web_page_is_a_server_error(int status)
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Html) { Status = status });
        var failure = await FailAsync("together-ai");
        (failure.Fault, failure.Code).ShouldBe((ProviderFault.ServerError, status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("groq", 7, 7)]
    [InlineData("groq", null, 1.838)]
    [InlineData("together-ai", null, 1)]
    public async Task How_long_to_wait_is_read_from_whatever_the_vendor_sends(string vendor, int? header, double seconds)
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 429, RetryAfterSeconds = header });
        (await FailAsync(vendor)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task Without_any_hint_a_429_has_no_wait()
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 429 });
        (await FailAsync("fireworks")).RetryAfter.ShouldBeNull();
    }

    [Theory]
    [InlineData("groq", "no-such-model")]
    [InlineData("groq", "llama-3.3-70b-versatile")]
    [InlineData("together-ai", "no-such-model")]
    [InlineData("fireworks", "no-such-model")]
    public async Task A_model_that_is_gone_is_told_apart(string vendor, string model)
    {
        var failure = await FailAsync(vendor, model: model);
        (failure.Fault, failure.Code).ShouldBe((ProviderFault.Rejected, "no_such_model"));
    }

    [Fact]
    public async Task A_wrong_key_is_an_authentication_fault_and_is_never_quoted()
    {
        var failure = await FailAsync("groq", key: "gsk_not-this-one");
        failure.Fault.ShouldBe(ProviderFault.Authentication);
        failure.ToString().ShouldNotContain("gsk_");
    }

    [Fact]
    public async Task Without_a_key_nobody_is_asked()
    {
        var client = Client(ChatVendor.Groq, key: "");
        client.IsConfigured.ShouldBeFalse();
        (await Should.ThrowAsync<ProviderException>(() => client.AllAsync(Conversations.Ask("m")))).Fault.ShouldBe(ProviderFault.Authentication);
        _simulator.Requests.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StreamFaultKind.ToolUseFailed)]
    [InlineData(StreamFaultKind.ToolUseFailedInStream)]
    public async Task A_tool_call_that_the_model_failed_to_write_is_told_both_ways(StreamFaultKind kind)
    {
        _simulator.StreamFaults.Add(new StreamFault(kind));
        var failure = await FailAsync("groq");
        (failure.Fault, failure.Code).ShouldBe((ProviderFault.Rejected, "tool_use_failed"));
    }

    [Theory]
    [InlineData(StreamFaultKind.Cut, ProviderFault.ServerError, "cut")]
    [InlineData(StreamFaultKind.EndEarly, ProviderFault.ServerError, "cut")]
    [InlineData(StreamFaultKind.ErrorInStream, ProviderFault.ServerError, "internal_error")]
    [InlineData(StreamFaultKind.Garbage, ProviderFault.Protocol, "malformed_event")]
    [InlineData(StreamFaultKind.Stall, ProviderFault.TimedOut, "stall")]
    public async Task What_was_said_before_a_fault_was_handed_out_before_it(StreamFaultKind kind, ProviderFault fault, string code)
    {
        _simulator.Script = _ => CompletionAnswer.Say("One two three four five six seven.");
        _simulator.StreamFaults.Add(new StreamFault(kind) { AfterTokens = 3 });
        var said = new List<ModelOutput>();
        var failure = await Should.ThrowAsync<ProviderException>(async () =>
        {
            await foreach (var output in Client(ChatVendor.Groq, new LanguageOptions { Stall = TimeSpan.FromMilliseconds(500) }).StreamAsync(Conversations.Ask("openai/gpt-oss-20b"), default))
            {
                said.Add(output);
            }
        });
        (failure.Fault, failure.Code).ShouldBe((fault, code));
        said.Text().ShouldBe("One two three");
    }

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task A_stream_without_DONE_is_whole_when_it_said_why_it_ended(string vendor)
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.NoDone));
        _simulator.Script = _ => CompletionAnswer.Say("Yes.");
        (await AskAsync(vendor)).End().Reason.ShouldBe("stop");
    }

    [Fact]
    public async Task Arguments_that_were_cut_are_handed_out_as_they_came()
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.TruncatedArguments));
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Paris"}""");
        (await AskAsync("groq", tools: [Conversations.Weather])).Calls().Single().Arguments.ShouldBe("""{"city":""");
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unreachable()
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Refuse));
        (await FailAsync("groq")).Fault.ShouldBe(ProviderFault.Unreachable);
    }

    [Fact]
    public async Task Giving_up_stops_the_vendor_at_once()
    {
        _simulator.Timing = s_fast with { Interval = TimeSpan.FromMilliseconds(20) };
        _simulator.Script = _ => CompletionAnswer.Say(string.Join(' ', Enumerable.Repeat("word", 500)));
        using var gaveUp = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Client(ChatVendor.Groq).StreamAsync(Conversations.Ask("openai/gpt-oss-20b"), gaveUp.Token))
            {
                await gaveUp.CancelAsync();
            }
        });
        await ShouldStopAsync();
    }

    [Fact]
    public async Task Leaving_the_stream_early_stops_the_vendor_as_well()
    {
        _simulator.Timing = s_fast with { Interval = TimeSpan.FromMilliseconds(20) };
        _simulator.Script = _ => CompletionAnswer.Say(string.Join(' ', Enumerable.Repeat("word", 500)));
        await foreach (var _ in Client(ChatVendor.Groq).StreamAsync(Conversations.Ask("openai/gpt-oss-20b"), default))
        {
            break;
        }

        await ShouldStopAsync();
    }

    private async Task ShouldStopAsync()
    {
        await Eventually.IsTrueAsync(() => Task.FromResult(_simulator.Generations.All.Single().End == GenerationEnd.Cancelled), TimeSpan.FromSeconds(5), "The simulator went on.");
        _simulator.Generations.All.Single().TokensSent.ShouldBeLessThan(100);
    }

    [Theory]
    [MemberData(nameof(EveryVendor))]
    public async Task One_connection_serves_all_turns_and_warming_opens_it(string vendor)
    {
        _simulator.Script = _ => CompletionAnswer.Say("Yes.");
        var client = Client(Vendor(vendor));
        await client.WarmAsync(default);
        _simulator.Requests.All.Single().Method.ShouldBe("HEAD");
        for (var turn = 0; turn < 3; turn++)
        {
            await client.AllAsync(Conversations.Ask(Conversations.ModelOf(Vendor(vendor))));
        }

        _simulator.Generations.All.Select(generation => generation.Connection).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(SimulatorFaultKind.Refuse)]
    [InlineData(SimulatorFaultKind.Status)]
    public async Task Warming_never_throws_for_the_vendor(SimulatorFaultKind kind)
    {
        _simulator.Faults.Add(new SimulatorFault(kind));
        await Should.NotThrowAsync(() => Client(ChatVendor.Groq).WarmAsync(default));
    }

    [Fact]
    public async Task Requests_of_a_call_stay_together_at_Fireworks()
    {
        string? affinity = null;
        _simulator.Script = request =>
        {
            affinity = request.Affinity;
            return CompletionAnswer.Say("Yes.");
        };
        await AskAsync("fireworks");
        affinity.ShouldBe("call-1");
    }
}
