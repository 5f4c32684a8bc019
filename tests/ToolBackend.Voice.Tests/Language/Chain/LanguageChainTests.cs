using Microsoft.Extensions.Options;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.Testing;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Language.Chain;

/// <summary>Chains of real clients against the simulator. F8: whatever one provider does, the caller has a first token within 800 ms after the time that it was given.</summary>
public sealed class LanguageChainTests : IAsyncLifetime
{
    private const string Reply = "One two three four five six seven.";

    /// <summary>The first token comes after 10 ms, a rival is started after 200.</summary>
    private static readonly LanguageOptions s_options = new() { HedgeAfter = TimeSpan.FromMilliseconds(200), FirstTokenLimit = TimeSpan.FromSeconds(1.5), Stall = TimeSpan.FromMilliseconds(500) };

    private readonly List<ChatCompletionsModel> _clients = [];
    private readonly ManualClock _gateClock = new();
    private readonly ChainTrace _trace = new();
    private LanguageSimulator _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Timing = new TokenTiming { FirstToken = TimeSpan.FromMilliseconds(10), Interval = TimeSpan.FromMilliseconds(2) } });
        _simulator.Script = _ => CompletionAnswer.Say(Reply);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _simulator.DisposeAsync();
    }

    private LanguageChain Chain(params ChatVendor[] vendors) => Chain(s_options, vendors);

    private LanguageChain Chain(LanguageOptions options, params ChatVendor[] vendors)
    {
        var links = vendors.Select(vendor =>
        {
            var client = _simulator.Client(vendor, options);
            _clients.Add(client);
            return new ChainLink(client, Conversations.ModelOf(vendor), "low");
        }).ToList();
        var health = new ChainHealth(new PermanentFaultGate(TimeSpan.FromMinutes(5), _gateClock), new RateWaits(_gateClock), new RetryBudget(options, TimeProvider.System));
        return new LanguageChain(links, options, health, TimeProvider.System);
    }

    private async Task<List<ModelOutput>> AskAsync(LanguageChain chain, bool tools = false, List<ModelOutput>? said = null)
    {
        said ??= [];
        await foreach (var output in chain.StreamAsync(Conversations.Ask("replaced") with { Tools = tools ? [Conversations.Weather] : [] }, _trace, default))
        {
            said.Add(output);
        }

        return said;
    }

    private void Fault(SimulatedVendor vendor, StreamFaultKind kind, int? times = null, int afterTokens = 3) =>
        _simulator.StreamFaults.Add(new StreamFault(kind) { Vendor = vendor, Times = times, AfterTokens = afterTokens });

    [Fact]
    public async Task The_first_provider_answers_alone_when_it_is_well()
    {
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together))).Text().ShouldBe(Reply);
        (_trace.Provider, _trace.Attempts, _trace.Hedges, _trace.Failovers).ShouldBe(("groq", 1, 0, 0));
        _simulator.Generations.All.Single().Vendor.ShouldBe(SimulatedVendor.Groq);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(413)]
    public async Task F8_a_refusal_is_answered_by_the_next_provider_at_once(int status)
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = status, RetryAfterSeconds = status == 429 ? 30 : null, Path = "/openai" });
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together))).Text().ShouldBe(Reply);
        (_trace.Provider, _trace.Failovers).ShouldBe(("together-ai", 1));
        _trace.FirstToken!.Value.ShouldBeLessThan(TimeSpan.FromMilliseconds(800));
    }

    [Fact]
    public async Task F8_a_provider_that_accepts_and_stays_silent_gets_a_rival_and_is_cancelled()
    {
        Fault(SimulatedVendor.Groq, StreamFaultKind.Silent);
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together))).Text().ShouldBe(Reply);
        (_trace.Provider, _trace.Hedges, _trace.Failovers).ShouldBe(("together-ai", 1, 0));
        _trace.FirstToken!.Value.ShouldBeLessThan(s_options.HedgeAfter + TimeSpan.FromMilliseconds(800));
        await ShouldEndAsync(SimulatedVendor.Groq, GenerationEnd.Cancelled);
    }

    [Fact]
    public async Task F8_a_provider_that_never_answers_the_request_gets_a_rival_too()
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Hang) { Path = "/openai" });
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together))).Text().ShouldBe(Reply);
        _trace.FirstToken!.Value.ShouldBeLessThan(s_options.HedgeAfter + TimeSpan.FromMilliseconds(800));
    }

    [Fact]
    public async Task F8_a_late_provider_that_is_still_faster_wins_and_the_rival_is_cancelled()
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.SlowFirstToken) { Vendor = SimulatedVendor.Groq, Delay = TimeSpan.FromMilliseconds(350) });
        Fault(SimulatedVendor.Together, StreamFaultKind.Silent);
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together))).Text().ShouldBe(Reply);
        (_trace.Provider, _trace.Hedges).ShouldBe(("groq", 1));
        await ShouldEndAsync(SimulatedVendor.Together, GenerationEnd.Cancelled);
    }

    [Theory]
    [InlineData(StreamFaultKind.Stall)]
    [InlineData(StreamFaultKind.Cut)]
    [InlineData(StreamFaultKind.EndEarly)]
    [InlineData(StreamFaultKind.ErrorInStream)]
    public async Task F8_what_breaks_off_in_the_middle_is_told_with_what_was_said_and_nothing_is_said_twice(StreamFaultKind kind)
    {
        Fault(SimulatedVendor.Groq, kind);
        var said = new List<ModelOutput>();
        var cut = await Should.ThrowAsync<ReplyCutException>(() => AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together), said: said));
        cut.Delivered.ShouldBe("One two three");
        said.Text().ShouldBe("One two three");
        cut.Cause.Provider.ShouldBe("groq");
        _trace.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task F8_a_tool_call_that_was_cut_before_anything_was_said_is_asked_of_the_next()
    {
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Saint Petersburg"}""");
        Fault(SimulatedVendor.Groq, StreamFaultKind.Cut, afterTokens: 4);
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together), tools: true)).Calls().Single().Arguments.ShouldBe("""{"city":"Saint Petersburg"}""");
        (_trace.Provider, _trace.Failovers).ShouldBe(("together-ai", 1));
    }

    [Fact]
    public async Task F8_a_rival_that_won_and_was_cut_before_anything_was_said_leaves_the_rest_of_the_chain()
    {
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Paris"}""");
        Fault(SimulatedVendor.Groq, StreamFaultKind.Silent);
        Fault(SimulatedVendor.Together, StreamFaultKind.Cut, afterTokens: 2);
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together, ChatVendor.Fireworks), tools: true)).Calls().Single().Arguments.ShouldBe("""{"city":"Paris"}""");
        (_trace.Provider, _trace.Hedges, _trace.Failovers).ShouldBe(("fireworks", 1, 1));
    }

    [Fact]
    public async Task F8_truncated_arguments_are_handed_on_once_for_the_tool_to_refuse()
    {
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Paris"}""");
        Fault(SimulatedVendor.Groq, StreamFaultKind.TruncatedArguments);
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together), tools: true)).Calls().Single().Arguments.ShouldBe("""{"city":""");
        _trace.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_long_tool_call_that_has_begun_is_not_late()
    {
        _simulator.Timing = new TokenTiming { FirstToken = TimeSpan.FromMilliseconds(10), Interval = TimeSpan.FromMilliseconds(40) };
        _simulator.Script = _ => CompletionAnswer.Call("get_weather", """{"city":"Llanfairpwllgwyngyll in the north of Wales"}""");
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together), tools: true)).Select(output => output.GetType()).ShouldBe([typeof(ModelOutput.ToolCalls), typeof(ModelOutput.End)]);
        (_trace.Provider, _trace.Attempts).ShouldBe(("groq", 1));
    }

    [Fact]
    public async Task An_answer_that_reasoning_ate_is_asked_of_the_next()
    {
        Fault(SimulatedVendor.Groq, StreamFaultKind.ReasoningEatsAll);
        (await AskAsync(Chain(new LanguageOptions { HedgeAfter = TimeSpan.FromSeconds(10), FirstTokenLimit = TimeSpan.FromSeconds(10) }, ChatVendor.Groq, ChatVendor.Together))).Text().ShouldBe(Reply);
        (_trace.Provider, _trace.Failovers).ShouldBe(("together-ai", 1));
    }

    [Theory]
    [InlineData(StreamFaultKind.ToolUseFailed)]
    [InlineData(StreamFaultKind.ToolUseFailedInStream)]
    public async Task A_call_that_could_not_be_written_is_asked_for_cold_and_then_without_tools(StreamFaultKind kind)
    {
        var last = default(CompletionRequest);
        _simulator.Script = request =>
        {
            last = request;
            return CompletionAnswer.Say(Reply);
        };
        Fault(SimulatedVendor.Groq, kind);
        (await AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together), tools: true)).Text().ShouldBe(Reply);
        (last!.Temperature, last.Tools.Count).ShouldBe((0, 0));
        (_trace.Provider, _trace.Attempts).ShouldBe(("groq", 3));
    }

    [Fact]
    public async Task A_chain_of_one_is_asked_again_on_another_connection()
    {
        Fault(SimulatedVendor.Groq, StreamFaultKind.Silent, times: 1);
        (await AskAsync(Chain(ChatVendor.Groq))).Text().ShouldBe(Reply);
        _trace.Hedges.ShouldBe(1);
        _simulator.Generations.All.Select(generation => generation.Connection).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    public async Task When_nobody_answers_the_limit_ends_it_and_all_are_cancelled()
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.Silent));
        var failure = await Should.ThrowAsync<ProviderException>(() => AskAsync(Chain(ChatVendor.Groq, ChatVendor.Together, ChatVendor.Fireworks)));
        failure.Fault.ShouldBe(ProviderFault.TimedOut);
        _trace.Attempts.ShouldBe(3);
        foreach (var vendor in Enum.GetValues<SimulatedVendor>())
        {
            await ShouldEndAsync(vendor, GenerationEnd.Cancelled);
        }
    }

    [Fact]
    public async Task A_provider_that_refused_the_key_is_not_asked_again_for_a_while()
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 401, Path = "/openai" });
        var chain = Chain(ChatVendor.Groq, ChatVendor.Together);
        await AskAsync(chain);
        await AskAsync(chain);
        _simulator.Requests.All.Count(request => request.Target.StartsWith("/openai", StringComparison.Ordinal)).ShouldBe(1);
        _gateClock.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(chain);
        _simulator.Requests.All.Count(request => request.Target.StartsWith("/openai", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_wait_that_a_provider_named_is_kept()
    {
        _simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 429, RetryAfterSeconds = 20, Path = "/openai", Times = 1 });
        var chain = Chain(ChatVendor.Groq, ChatVendor.Together);
        await AskAsync(chain);
        await AskAsync(chain);
        _trace.Provider.ShouldBe("together-ai");
        _gateClock.Advance(TimeSpan.FromSeconds(20));
        await AskAsync(chain);
        _trace.Provider.ShouldBe("groq");
    }

    [Fact]
    public async Task Cancelling_closes_every_request_of_the_race()
    {
        _simulator.StreamFaults.Add(new StreamFault(StreamFaultKind.Silent));
        using var givenUp = new CancellationTokenSource();
        var chain = Chain(new LanguageOptions { HedgeAfter = TimeSpan.FromMilliseconds(100), FirstTokenLimit = TimeSpan.FromSeconds(10) }, ChatVendor.Groq, ChatVendor.Together);
        var asking = Task.Run(async () =>
        {
            await foreach (var _ in chain.StreamAsync(Conversations.Ask("x"), null, givenUp.Token))
            {
            }
        });
        await Eventually.IsTrueAsync(() => Task.FromResult(_simulator.Generations.Running == 2), TimeSpan.FromSeconds(5), "No rival was started.");
        await givenUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await Eventually.IsTrueAsync(() => Task.FromResult(_simulator.Generations.Running == 0), TimeSpan.FromSeconds(5), "A request went on.");
    }

    [Fact]
    public async Task Without_any_provider_the_reason_is_told() =>
        (await Should.ThrowAsync<ProviderException>(() => AskAsync(Chain()))).Code.ShouldBe("no_provider");

    [Fact]
    public void Chains_of_an_assistant_leave_out_who_has_no_key()
    {
        _clients.AddRange([_simulator.Client(ChatVendor.Groq, key: ""), _simulator.Client(ChatVendor.Together), _simulator.Client(ChatVendor.Fireworks)]);
        var chains = new LanguageChains(_clients, Options.Create(s_options), new PermanentFaultGate(TimeSpan.FromMinutes(5), _gateClock), TimeProvider.System);
        chains.For(Definitions.Assistant("receptionist")).Links.ShouldBe([("together-ai", "openai/gpt-oss-120b"), ("fireworks", "accounts/fireworks/models/gpt-oss-120b")]);
    }

    private async Task ShouldEndAsync(SimulatedVendor vendor, GenerationEnd end) =>
        await Eventually.IsTrueAsync(() => Task.FromResult(_simulator.Generations.All.Single(generation => generation.Vendor == vendor).End == end), TimeSpan.FromSeconds(5), $"{vendor} did not end as {end}.");
}
