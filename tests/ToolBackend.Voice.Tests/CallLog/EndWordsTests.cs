using ToolBackend.Core.Calls.State;
using ToolBackend.Voice.CallLog;

namespace ToolBackend.Voice.Tests.CallLog;

public sealed class EndWordsTests
{
    [Theory]
    [InlineData("customer-ended-call", "customer-ended-call", EndedReasons.Normal)]
    [InlineData("assistant-ended-call", "assistant-ended-call", EndedReasons.Normal)]
    [InlineData("assistant-forwarded-call", "assistant-forwarded-call", EndedReasons.Normal)]
    [InlineData("silence-timed-out", "silence-timed-out", EndedReasons.Normal)]
    [InlineData("exceeded-max-duration", "exceeded-max-duration", EndedReasons.Normal)]
    [InlineData("pipeline-error", "pipeline.provider-reply-failed", EndedReasons.Provider)]
    [InlineData("pipeline-error-transcriber-failed", "pipeline.provider-transcriber-failed", EndedReasons.Provider)]
    [InlineData("pipeline-stopped", "pipeline.drained", EndedReasons.Ours)]
    [InlineData("twilio-stream-lost", "pipeline.error-stream-lost", EndedReasons.Ours)]
    [InlineData("twilio-stream-silent", "pipeline.error-stream-silent", EndedReasons.Ours)]
    [InlineData("twilio-stream-refused", "pipeline.error-stream-refused", EndedReasons.Ours)]
    [InlineData(null, "pipeline.error-session-failed", EndedReasons.Ours)]
    public void A_reason_has_a_word_in_the_log_and_a_class(string? reason, string word, string endedClass)
    {
        EndWords.Of(reason).ShouldBe(word);
        EndedReasons.Classify(word).ShouldBe(endedClass);
    }
}
