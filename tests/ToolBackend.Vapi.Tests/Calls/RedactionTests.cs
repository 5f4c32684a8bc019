using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Calls;

namespace ToolBackend.Vapi.Tests.Calls;

/// <summary>Every place where real messages carry a secret gets a marker of its own; none may come out anywhere.</summary>
public class RedactionTests
{
    private static readonly string[] Types =
        ["status-update", "end-of-call-report", "conversation-update", "transcript", "tool-calls", "hang", "assistant-request", "model-output", "brand.new", "call.deleted"];

    private static readonly ContentPolicy KeepAll = new() { StoreHighFrequency = true };

    public static TheoryData<string> Places =>
    [
        """ "phoneNumber":{"number":"+1","twilioAuthToken":"MARKER","twilioApiKey":"MARKER","twilioApiSecret":"MARKER","authentication":{"realm":"r","username":"MARKER","password":"MARKER"}} """,
        """ "phoneNumber":{"server":{"url":"https://u:MARKER@example.com/hook?token=MARKER","secret":"MARKER","headers":{"X-Any":"MARKER"}},"fallbackDestination":{"x":"MARKER"}} """,
        """ "phoneNumber":{"credentialId":"c","serverUrlSecret":"MARKER","server_url_secret":"MARKER","SERVERURLSECRET":"MARKER"} """,
        """ "assistant":{"name":"A","server":{"url":"https://x","headers":{"Authorization":"MARKER"},"secret":"MARKER"},"serverUrlSecret":"MARKER","credentials":[{"apiKey":"MARKER"}]} """,
        """ "assistant":{"name":{"apiKey":"MARKER"},"id":["MARKER"],"model":{"provider":{"apiKey":"MARKER"},"model":["MARKER"],"tools":[{"server":{"headers":{"a":"MARKER"}},"environmentVariables":[{"name":"K","value":"MARKER"}]}]}} """,
        """ "assistant":{"model":{"messages":[{"role":"system","content":"MARKER"}],"systemPrompt":"MARKER","headers":{"h":"MARKER"},"url":"https://MARKER"},"voice":{"apiKey":"MARKER","callbackUrl":"MARKER"},"firstMessage":"MARKER"} """,
        """ "newAssistant":{"server":{"secret":"MARKER"}},"fromAssistant":{"credentials":"MARKER"},"toAssistant":{"hooks":"MARKER"} """,
        """ "toolWithToolCallList":[{"server":{"url":"https://x","secret":"MARKER","headers":{"a":"MARKER"}},"environmentVariables":[{"name":"K","value":"MARKER"}],"toolCall":{"id":"i"}}] """,
        """ "toolCalls":[{"id":"i","function":{"name":"f","arguments":{"pin":"MARKER","note":"MARKER"}}}],"toolCallList":[{"id":"i","name":"f","parameters":{"x":"MARKER"},"arguments":"{\"x\":\"MARKER\"}"}] """,
        """ "functionCall":{"name":"f","parameters":{"x":"MARKER"}} """,
        """ "artifact":{"variableValues":{"phoneNumber":{"twilioAuthToken":"MARKER"}},"variables":{"x":"MARKER"},"presignedMonoUrl":"https://x?MARKER","presignedStereoUrl":"MARKER","presignedLogUrl":"MARKER"} """,
        """ "artifact":{"messages":[{"role":"system","message":"MARKER"},{"message":"MARKER","role":"system"},{"role":"user","message":"hi","metadata":{"words":"MARKER"},"originalMessage":"MARKER"}]} """,
        """ "artifact":{"messagesOpenAIFormatted":[{"role":"system","content":"MARKER"}],"nodes":[{"messages":[{"role":"system","content":"MARKER"}]}]} """,
        """ "messages":[{"role":"tool_calls","toolCalls":[{"id":"t","function":{"name":"f","arguments":"{\"card\":\"MARKER\"}"}}]},{"role":"bot","message":"x"}] """,
        """ "messages":[{"role":"tool_call_result","name":"dtmf","toolCallId":"t","result":"MARKER"},{"name":"dtmf","result":"MARKER","toolCallId":"t","role":"tool_call_result"}] """,
        """ "messages":[{"role":"tool_call_result","name":"f","toolCallId":"t","result":"{\"apiKey\":\"MARKER\",\"deep\":\"{\\\"password\\\":\\\"MARKER\\\"}\"}"}] """,
        """ "messages":[{"role":"tool_call_result","name":"f","toolCallId":"t","result":"Answer: {\"apiKey\": \"MARKER\", \"x\": 1} and more"}] """,
        """ "messages":[{"role":"tool_call_result","name":"f","toolCallId":"t","result":"{\"apiKey\": \"MARKER"}] """,
        """ "messages":[{"role":"tool_call_result","name":"f","toolCallId":"t","result":"Authorization: Bearer abc1MARKER\nX-Api-Key: 7MARKER"}] """,
        """ "messages":[{"role":"tool_call_result","name":"f","toolCallId":"t","result":"sent with bearer 99abcMARKER= and basic dXNlcjpMARKER1="}] """,
        """ "messages":[{"role":"user","message":"User's Keypad Entry: 7MARKER"}],"transcript":"x" """.Replace("7MARKER", "8841#*7713"),
        """ "artifact":{"structuredOutputs":{"u":{"name":"N","result":{"password":"MARKER","access_token":"MARKER","nested":{"clientSecret":"MARKER"}}}}} """,
        """ "artifact":{"structuredOutputs":{"u":{"name":"N","result":{"cvv":"MARKER","pin":"MARKER","cardNumber":"MARKER","ssn":"MARKER"}}}} """,
        """ "analysis":{"structuredData":{"apiToken":"MARKER"},"summary":"key=1 and api_key=MARKER"} """,
        """ "credentials":[{"provider":"x","token":"MARKER"}],"credential":"MARKER","authentication":{"x":"MARKER"} """,
        """ "inboundPhoneCallDebuggingArtifacts":{"error":"no","assistantRequestResponse":"{\"assistant\":{\"server\":{\"secret\":\"MARKER\"}}}"} """,
        """ "costs":[{"type":"model","cost":1,"model":{"provider":"p","apiKey":"MARKER","messages":[{"role":"system","content":"MARKER"}],"headers":{"x":"MARKER"}}}] """,
        """ "extra":[{"headers":[{"name":"Authorization","value":"MARKER"}]},{"name":"X-Api-Key","value":"MARKER"},{"value":"MARKER","key":"authorization"}] """,
        """ "extra":{"twilio\u0041uthToken":"MARKER","environmentVariables":{"A":"MARKER"},"jwt":"MARKER","privateKey":"MARKER","Cookie":"MARKER","Set-Cookie":"MARKER"} """,
        """ "extra":{"a_name_that_is_longer_than_any_other_and_written_with_escapes_\u0061ndEndsInApiKey":"MARKER"} """,
        """ "squad":{"members":[{"assistant":{"server":{"secret":"MARKER"}}}]},"assistantOverrides":{"variableValues":{"x":"MARKER"}},"squadOverrides":"MARKER","workflow":"MARKER" """,
        """ "destination":{"type":"assistant","assistant":{"name":"B","credentials":"MARKER"},"transferPlan":{"summaryPlan":{"messages":[{"role":"system","content":"MARKER"}]}},"sipHeaders":{"x":"MARKER"}} """,
        """ "customer":{"number":"+1","assistantOverrides":{"x":"MARKER"},"authToken":"MARKER"} """,
        """ "output":[{"id":"t","function":{"name":"f","arguments":"{\"x\":\"MARKER\"}"}}] """,
        """ "monitor":{"controlUrl":"MARKER","listenUrl":"MARKER"},"controlUrl":"MARKER","listenUrl":"MARKER","dtmf":"MARKER","digits":"MARKER" """,
        """ "call2":{"phoneCallProviderDetails":{"x":"MARKER"},"transport":{"callToken":"MARKER"}} """,
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_secret_comes_out_nowhere(string members)
    {
        members = members.Replace("MARKER", "mArKeR8841");
        foreach (var type in Types)
        {
            var read = Reads.Message(type, members + ",\"status\":\"ended\"", KeepAll);

            read.Flaw.ShouldBe(BodyFlaw.None);
            read.ToStore!.Body.ShouldNotBeNull();
            read.Everything().ShouldNotContain("8841", Case.Insensitive, $"{type}: {members}");
        }
    }

    [Theory]
    [InlineData(""" "monitor":{"controlUrl":"https://x/MARKER","listenUrl":"wss://MARKER"} """)]
    [InlineData(""" "phoneCallProviderDetails":{"sip":{"x":"MARKER"}},"transport":{"callToken":"MARKER","accountSid":"AC"} """)]
    [InlineData(""" "assistant":{"server":{"secret":"MARKER"}},"squad":{"x":"MARKER"},"assistantOverrides":{"x":"MARKER"},"workflow":{"x":"MARKER"} """)]
    [InlineData(""" "artifact":{"messages":[{"role":"user","message":"MARKER"}]},"messages":[{"role":"user","message":"MARKER"}],"transcript":"MARKER","analysis":{"summary":"MARKER"} """)]
    [InlineData(""" "phoneNumber":{"twilioAuthToken":"MARKER"},"customer":{"password":"MARKER"} """)]
    public void A_secret_of_the_call_comes_out_nowhere(string members)
    {
        foreach (var type in Types)
        {
            var body = $$$$"""{"message":{"type":"{{{{type}}}}","call":{"id":"c",{{{{members.Replace("MARKER", "mArKeR8841")}}}}},"status":"ended"}}""";

            Reads.Bytes(Encoding.UTF8.GetBytes(body), KeepAll)!.Everything().ShouldNotContain("8841", Case.Insensitive, $"{type}: {members}");
        }
    }

    [Fact]
    public void Beside_the_message_nothing_secret_stays_either() =>
        Reads.Bytes("""{"secret":"marker-8841","x":{"apiKey":"marker-8841"},"message":{"type":"hang","call":{"id":"c"}},"y":"kept"}"""u8.ToArray())!.Everything().ShouldNotContain("8841");

    [Fact]
    public void Who_reads_a_body_sees_that_there_was_something()
    {
        var json = Reads.Sample("hang-of-call")!.Json();

        json["phoneNumber"]!["twilioAuthToken"]!.GetValue<string>().ShouldBe("***");
        json["call"]!["monitor"]!.GetValue<string>().ShouldBe("***");
        json["phoneNumber"]!["twilioAccountSid"]!.GetValue<string>().ShouldBe("AC00000000000000000000000000000000");
    }

    [Fact]
    public void An_assistant_is_reduced_to_what_tells_it_apart() => JsonNode.DeepEquals(Reads.Sample("hang-of-call")!.Json()["assistant"], JsonNode.Parse("""
        {"name":"Front desk","model":{"provider":"groq","model":"llama-3.3-70b-versatile"},"voice":{"provider":"11labs"}}
        """)).ShouldBeTrue();

    [Fact]
    public void A_report_keeps_one_copy_of_the_conversation_without_prompts_and_arguments()
    {
        var read = Reads.Sample("end-of-call-report-full")!;
        var json = read.Json();

        json["messages"]!.AsArray().Count.ShouldBe(5);
        json["artifact"]!["messages"].ShouldBeNull();
        json["transcript"].ShouldBeNull();
        json["artifact"]!["transcript"].ShouldBeNull();
        var text = Reads.Text(read.ToStore!.Body)!;
        text.ShouldNotContain("OpenAI");
        text.ShouldNotContain("Never guess");
        text.ShouldNotContain("2026-11-26");
        text.ShouldNotContain("wordLevel");
    }

    [Theory]
    [InlineData("hang-of-call")]
    [InlineData("tool-calls-object-arguments")]
    [InlineData("transcript-final")]
    [InlineData("assistant-speech-started")]
    public void Other_messages_keep_no_conversation(string sample)
    {
        var text = Reads.Text(Reads.Sample(sample, KeepAll)!.ToStore!.Body)!;

        text.ShouldNotContain("\"role\":\"bot\"");
        text.ShouldNotContain("\"words\"");
    }

    [Fact]
    public void Members_that_nobody_knows_are_kept() =>
        JsonNode.DeepEquals(Reads.Sample("unknown-type")!.Json()["novelty"], JsonNode.Parse("""{"depth":[1,2,{"x":"y"}]}""")).ShouldBeTrue();

    [Fact]
    public void What_is_no_secret_stays()
    {
        var json = Reads.Message("brand.new", """
            "credentialId":"c1","credentialIds":["c2"],"maxTokens":250,"tokenCount":7,"secretIsBase64":true,"url":"https://example.com/a?page=2#x","key":"k","pair":{"key":"tone","value":"calm"},
            "text":"He said: my secret: always smile. The token is on the basic shelf, {not json} [laughs]","escaped":"a\u00e9\n\ud83d\ude80"
            """).Json();

        json["credentialId"]!.GetValue<string>().ShouldBe("c1");
        json["credentialIds"]![0]!.GetValue<string>().ShouldBe("c2");
        json["maxTokens"]!.GetValue<int>().ShouldBe(250);
        json["url"]!.GetValue<string>().ShouldBe("https://example.com/a?page=2#x");
        json["pair"]!["value"]!.GetValue<string>().ShouldBe("calm");
        json["text"]!.GetValue<string>().ShouldBe("He said: my secret: always smile. The token is on the basic shelf, {not json} [laughs]");
        json["escaped"]!.GetValue<string>().ShouldBe("aé\n🚀");
    }

    [Fact]
    public void Half_a_surrogate_pair_and_NUL_become_a_mark_that_a_database_takes()
    {
        var read = Reads.Message("transcript", """ "transcript":"a\ud800b\u0000c\ud83d\ude80","transcriptType":"final","role":"user" """);

        read.ToStore!.Event.Facts.Utterance!.Text.ShouldBe("a\uFFFDb\uFFFDc🚀");
        read.Json()["transcript"]!.GetValue<string>().ShouldBe("a\uFFFDb\uFFFDc🚀");
    }
}
