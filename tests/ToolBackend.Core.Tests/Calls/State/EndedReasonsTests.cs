using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Tests.Calls.State;

public sealed class EndedReasonsTests
{
    private static readonly Lazy<IReadOnlyList<(string Reason, string Class)>> s_all = new(static () =>
    {
        using var stream = typeof(EndedReasonsTests).Assembly.GetManifestResourceStream("ended-reasons.tsv").ShouldNotBeNull();
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')).Select(static columns => (columns[0], columns[1]))];
    });

    [Fact]
    public void All_595_reasons_of_the_specification_are_sorted_as_the_table_says()
    {
        s_all.Value.Select(static r => r.Reason).Distinct().Count().ShouldBe(595);
        s_all.Value.Where(static r => EndedReasons.Classify(r.Reason) != r.Class).Select(static r => $"{r.Reason} is {EndedReasons.Classify(r.Reason)}, not {r.Class}").ShouldBeEmpty();
    }

    [Fact]
    public void Against_Vapi_speak_exactly_these() =>
        s_all.Value.Select(static r => r.Reason).Where(static r => EndedReasons.CountsAgainstVapi(EndedReasons.Classify(r))).ShouldBe(
        [
            "call.in-progress.error-vapifault-worker-not-available",
            "call.in-progress.error-vapifault-worker-died",
            "call.in-progress.error-vapifault-transport-never-connected",
            "call.in-progress.error-vapifault-transport-connected-but-call-not-active",
            "call.in-progress.error-vapifault-call-started-but-connection-to-transport-missing",
            "call.start.error-vapifault-get-org",
            "call.start.error-vapifault-get-subscription",
            "call.start.error-vapifault-database-error",
            "worker-shutdown",
            "assistant-join-timed-out",
            "phone-call-provider-closed-websocket",
            "call.in-progress.error-assistant-did-not-receive-customer-audio",
        ],
        ignoreOrder: true);

    [Theory]
    [InlineData("pipeline-error-openai-429-exceeded-quota", "capacity")]
    [InlineData("call.in-progress.error-vapifault-eleven-labs-quota-exceeded", "capacity")]
    [InlineData("call.in-progress.error-vapifault-transport-never-connected", "platform")]
    [InlineData("call.in-progress.error-providerfault-transport-never-connected", "provider")]
    [InlineData("call.in-progress.error-providerfault-outbound-sip-403-forbidden", "provider")]
    [InlineData("pipeline-error-openai-401-unauthorized", "ours")]
    [InlineData("pipeline-error-eleven-labs-voice-not-found", "ours")]
    [InlineData("pipeline-error-eleven-labs-voice-failed", "provider")]
    [InlineData("call.in-progress.error-vapifault-vapi-llm-failed", "provider")]
    [InlineData("customer-ended-call", "normal")]
    [InlineData("customer-ended-call-during-transfer", "customer")]
    public void Where_two_rules_could_match_the_stronger_one_does(string reason, string expected) => EndedReasons.Classify(reason).ShouldBe(expected);

    [Theory]
    [InlineData("pipeline-error-new-vendor-429-slow-down", "capacity")]
    [InlineData("pipeline-error-new-vendor-llm-failed", "provider")]
    [InlineData("call.in-progress.error-providerfault-new-vendor-sulks", "provider")]
    [InlineData("call.start.error-vapifault-new-table", "platform")]
    [InlineData("call.in-progress.error-vapifault-worker-tired", "platform")]
    [InlineData("assistant-request-returned-nonsense", "ours")]
    [InlineData("assistant-ended-call-in-rhyme", "normal")]
    public void Reasons_of_known_families_are_known_before_they_exist(string reason, string expected) => EndedReasons.Classify(reason).ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("quantum-decoherence")]
    [InlineData("Customer-Ended-Call")]
    [InlineData("customer-ended-call ")]
    [InlineData("xcustomer-ended-call")]
    [InlineData("call.start.error-vapifault")]
    [InlineData("429")]
    [InlineData("*")]
    public void The_unknown_is_other(string? reason) => EndedReasons.Classify(reason).ShouldBe("other");

    [Theory]
    [InlineData("pipeline.customer-ended-call", "normal")]
    [InlineData("pipeline.silence-timed-out", "normal")]
    [InlineData("pipeline.customer-busy", "customer")]
    [InlineData("pipeline.provider-deepgram-stalled", "provider")]
    [InlineData("pipeline.groq-503-server-overloaded-error", "provider")]
    [InlineData("pipeline.capacity-calls", "capacity")]
    [InlineData("pipeline.groq-429-rate-limited", "capacity")]
    [InlineData("pipeline.error-bug", "ours")]
    [InlineData("pipeline.drained", "ours")]
    [InlineData("pipeline.worker-shutdown", "ours")]
    [InlineData("pipeline.phone-call-provider-closed-websocket", "ours")]
    [InlineData("pipeline.", "other")]
    [InlineData("reaper.no-end-known", "other")]
    [InlineData("reaper.customer-ended-call", "other")]
    public void Our_own_words_are_sorted_too_and_never_against_Vapi(string reason, string expected)
    {
        EndedReasons.Classify(reason).ShouldBe(expected);
        EndedReasons.CountsAgainstVapi(EndedReasons.Classify(reason)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("platform", true)]
    [InlineData("capacity", false)]
    [InlineData("provider", false)]
    [InlineData("ours", false)]
    [InlineData("customer", false)]
    [InlineData("normal", false)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void Only_the_platform_speaks_against_Vapi(string? endedClass, bool counts) => EndedReasons.CountsAgainstVapi(endedClass).ShouldBe(counts);
}
