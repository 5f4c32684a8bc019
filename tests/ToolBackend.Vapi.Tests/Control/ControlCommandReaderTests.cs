using System.Text;
using System.Text.Json;
using ToolBackend.Vapi.Control;

namespace ToolBackend.Vapi.Tests.Control;

public sealed class ControlCommandReaderTests
{
    [Theory]
    [InlineData("""{"type":"say","content":"One moment.","endCallAfterSpoken":true}""")]
    [InlineData("""{"type":"say","content":"Bonjour \u00e9\ud83d\ude00"}""")]
    [InlineData("""{"type":"add-message","message":{"role":"system","content":"The caller is on the list."},"triggerResponseEnabled":false}""")]
    [InlineData("""{"type":"control","control":"mute-assistant"}""")]
    [InlineData("""{"type":"control","control":"unmute-assistant"}""")]
    [InlineData("""{"type":"control","control":"say-first-message"}""")]
    [InlineData("""{"type":"control","control":"mute-customer"}""")]
    [InlineData("""{"type":"control","control":"unmute-customer"}""")]
    [InlineData("""{"type":"end-call"}""")]
    [InlineData("""{"type":"transfer","destination":{"type":"number","number":"+12065550142","extension":"12"},"content":"I put you through."}""")]
    [InlineData("""{"type":"transfer","destination":{"type":"sip","sipUri":"sip:desk@example.com","transferPlan":{"mode":"blind-transfer"}}}""")]
    [InlineData("""{"type":"handoff","destination":{"type":"assistant","assistantId":"0d9c1f3a","contextEngineeringPlan":{"type":"all"}},"content":"A colleague takes over."}""")]
    [InlineData("""{"type":"handoff","destination":{"type":"assistant","assistant":{"name":"Billing"}}}""")]
    public void What_Vapi_takes_goes_on_as_it_is(string body)
    {
        var command = Read(body, out var errors);
        errors.ShouldBeEmpty();
        JsonElement.DeepEquals(JsonDocument.Parse(command!.Json).RootElement, JsonDocument.Parse(body).RootElement).ShouldBeTrue(Encoding.UTF8.GetString(command.Json));
        command.ToString().ShouldBe(JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("[]", "type")]
    [InlineData("null", "type")]
    [InlineData("\"say\"", "type")]
    [InlineData("{}", "type")]
    [InlineData("""{"type":"hang-up"}""", "type")]
    [InlineData("""{"type":7}""", "type")]
    [InlineData("""{"type":"say"}""", "content")]
    [InlineData("""{"type":"say","content":null}""", "content")]
    [InlineData("""{"type":"say","content":"  "}""", "content")]
    [InlineData("""{"type":"say","content":"\u0000"}""", "content")]
    [InlineData("""{"type":"say","content":"\ud83d"}""", "content")]
    [InlineData("""{"type":"say","content":7,"endCallAfterSpoken":"yes"}""", "content", "endCallAfterSpoken")]
    [InlineData("""{"type":"say","content":"x","endCallAfterSpokn":true}""", "endCallAfterSpokn")]
    [InlineData("""{"type":"end-call","content":"Bye."}""", "content")]
    [InlineData("""{"type":"add-message"}""", "message")]
    [InlineData("""{"type":"add-message","message":"Hello"}""", "message")]
    [InlineData("""{"type":"add-message","message":{"role":"tool","content":"x","name":"y"}}""", "message.role", "message.name")]
    [InlineData("""{"type":"control","control":"mute"}""", "control")]
    [InlineData("""{"type":"transfer","destination":{"type":"number","number":"5550142"}}""", "destination.number")]
    [InlineData("""{"type":"transfer","destination":{"type":"number","number":"+12065550142","callerId":"me"}}""", "destination.callerId")]
    [InlineData("""{"type":"transfer","destination":{"type":"sip","sipUri":"https://example.com"}}""", "destination.sipUri")]
    [InlineData("""{"type":"transfer","destination":{"type":"assistant","assistantId":"a"}}""", "destination.type")]
    [InlineData("""{"type":"transfer","destination":{"type":"number","number":"+12065550142","url":"https://169.254.169.254"}}""", "destination.url")]
    [InlineData("""{"type":"handoff","destination":{"type":"assistant"}}""", "destination.assistantId")]
    [InlineData("""{"type":"handoff","destination":{"type":"assistant","assistantId":"a","assistantName":"b"}}""", "destination.assistantId")]
    [InlineData("""{"type":"handoff","destination":{"type":"assistant","assistant":"a"}}""", "destination.assistant")]
    public void What_cannot_be_used_is_refused_by_the_name_of_the_member(string body, params string[] members)
    {
        Read(body, out var errors).ShouldBeNull();
        errors.Keys.ShouldBe(members, ignoreOrder: true);
    }

    [Fact]
    public void Texts_have_their_limits()
    {
        Read($$"""{"type":"say","content":"{{new string('x', 4000)}}"}""", out _).ShouldNotBeNull();
        Read($$"""{"type":"say","content":"{{new string('x', 4001)}}"}""", out var errors).ShouldBeNull();
        errors["content"].ShouldBe(["A text of 1 to 4000 characters."]);
    }

    private static ControlCommand? Read(string body, out IDictionary<string, string[]> errors)
    {
        using var json = JsonDocument.Parse(body);
        return ControlCommandReader.Read(json.RootElement, out errors);
    }
}
