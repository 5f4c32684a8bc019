using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi.Resources;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Resources;

public class ValidationTests
{
    private static IReadOnlyList<string> Rules(string path, string body) => ResourceKind.Of(path).CheckCreate(JsonNode.Parse(body)!.AsObject());

    [Theory]
    [InlineData("assistant", "{}")]
    [InlineData("assistant", """{"name":"x","model":{"provider":"groq","model":"llama-3.3-70b-versatile","messages":[{"role":"system","content":"Hi"}],"toolIds":["a"],"temperature":0.5,"maxTokens":250}}""")]
    [InlineData("assistant", """{"voice":{"provider":"11labs","voiceId":"sarah","stability":0.5},"transcriber":{"provider":"deepgram","model":"flux-general-en","eotThreshold":0.7}}""")]
    [InlineData("assistant", """{"transcriber":{"provider":"deepgram","model":"one-of-their-own","fallbackPlan":{"transcribers":[{"provider":"assembly-ai"}]}}}""")]
    [InlineData("assistant", """{"server":{"url":"https://x.example.com","secret":"s","backoffPlan":{"type":"fixed","maxRetries":3,"baseDelaySeconds":1,"excludedStatusCodes":[400,401]}}}""")]
    [InlineData("assistant", """{"serverMessages":["status-update","transcript[transcriptType=\"final\"]"],"firstMessage":null}""")]
    [InlineData("assistant", """{"hooks":[{"on":"customer.speech.timeout[timeoutSeconds=10]","do":[{"type":"say","exact":"Hello?"}]}],"voicemailDetection":"off","backgroundSound":"https://x.example.com/a.mp3"}""")]
    [InlineData("assistant", """{"voice":{"provider":"cartesia","voiceId":"x"},"model":{"provider":"xai","anything":"goes"}}""")]
    [InlineData("tool", """{"type":"function","function":{"name":"book_it","parameters":{"type":"object","properties":{"a":{"type":"string"}}}},"parameters":[{"key":"k","value":"{{customer.number}}"}]}""")]
    [InlineData("tool", """{"type":"transferCall","destinations":[{"type":"number","number":"+12065550111","message":"One moment."}]}""")]
    [InlineData("tool", """{"type":"endCall"}""")]
    [InlineData("tool", """{"type":"slack.message.send"}""")]
    [InlineData("squad", """{"name":"Both","members":[{"assistantId":"a","assistantDestinations":[{"type":"assistant","assistantName":"x"}]}]}""")]
    [InlineData("phone-number", """{"provider":"twilio","number":"+12065550100","twilioAccountSid":"AC1","twilioAuthToken":"t"}""")]
    [InlineData("credential", """{"provider":"custom-credential","name":"Webhook","authenticationPlan":{"type":"bearer","token":"t","headerName":"X-Vapi-Secret","bearerPrefixEnabled":false}}""")]
    [InlineData("structured-output", """{"name":"Outcome","schema":{"type":"object","properties":{"booked":{"type":"boolean"}}},"type":"ai"}""")]
    public void What_Vapi_takes_is_taken(string path, string body) => Rules(path, body).ShouldBeEmpty();

    [Theory]
    [InlineData("assistant", """{"foo":1}""", "property foo should not exist")]
    [InlineData("assistant", """{"id":"x"}""", "property id should not exist")]
    [InlineData("assistant", """{"model":{"provider":"groq","model":"llama-3.3-70b-versatile","foo":1}}""", "model.property foo should not exist")]
    [InlineData("assistant", """{"model":{"provider":"groq","model":"llama-3.3-70b-versatile","messages":[{"role":"system","text":"x"}]}}""", "model.messages.0.property text should not exist")]
    [InlineData("assistant", """{"name":"12345678901234567890123456789012345678901"}""", "name must be shorter than or equal to 40 characters")]
    [InlineData("assistant", """{"name":5}""", "name must be a string")]
    [InlineData("assistant", """{"model":{"temperature":0.2}}""", "model.provider must be one of the following values: anthropic")]
    [InlineData("assistant", """{"model":{"provider":"groq"}}""", "model.model must be one of the following values: openai/gpt-oss-20b")]
    [InlineData("assistant", """{"model":{"provider":"groq","model":"llama-3.3-70b-versatile","temperature":3}}""", "model.temperature must not be greater than 2")]
    [InlineData("assistant", """{"model":{"provider":"groq","model":"llama-3.3-70b-versatile","maxTokens":10}}""", "model.maxTokens must not be less than 50")]
    [InlineData("assistant", """{"maxDurationSeconds":"600"}""", "maxDurationSeconds must be a number conforming to the specified constraints")]
    [InlineData("assistant", """{"firstMessageInterruptionsEnabled":"yes"}""", "firstMessageInterruptionsEnabled must be a boolean value")]
    [InlineData("assistant", """{"serverMessages":["call.started"]}""", "each value in serverMessages must be one of the following values: assistant.started")]
    [InlineData("assistant", """{"serverMessages":"status-update"}""", "serverMessages must be an array")]
    [InlineData("assistant", """{"server":{"backoffPlan":{"type":"fixed","maxRetries":11,"baseDelaySeconds":1}}}""", "server.backoffPlan.maxRetries must not be greater than 10")]
    [InlineData("assistant", """{"transcriber":{"provider":"deepgram","eagerEotThreshold":0.4}}""", "transcriber.property eagerEotThreshold should not exist")]
    [InlineData("assistant", """{"metadata":"x"}""", "metadata must be an object")]
    [InlineData("tool", """{"type":"teleport"}""", "type must be one of the following values: apiRequest")]
    [InlineData("tool", """{"type":"function","name":"x"}""", "property name should not exist")]
    [InlineData("tool", """{"type":"function","function":{"name":"book it"}}""", "function.name must match /^[a-zA-Z0-9_-]{1,64}$/ regular expression")]
    [InlineData("squad", """{"name":"x"}""", "members must be an array")]
    [InlineData("phone-number", """{"provider":"twilio","number":"+12065550100"}""", "twilioAccountSid must be a string")]
    [InlineData("structured-output", """{"name":"x"}""", "schema must be an object")]
    [InlineData("structured-output", """{"name":"x","schema":{"type":"object","additionalProperties":false}}""", "schema.property additionalProperties should not exist")]
    public void What_Vapi_refuses_is_refused_in_its_words(string path, string body, string rule) =>
        Rules(path, body).ShouldContain(said => said.StartsWith(rule, StringComparison.Ordinal));

    [Fact]
    public void Every_rule_that_is_broken_is_told_at_once() =>
        Rules("assistant", """{"foo":1,"name":5,"model":{"provider":"groq","model":"llama-3.3-70b-versatile","bar":2}}""").ShouldBe(
            ["property foo should not exist", "name must be a string", "model.property bar should not exist"]);
}
