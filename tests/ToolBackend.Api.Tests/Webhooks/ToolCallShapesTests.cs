using System.Net;
using System.Text.Json.Nodes;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>B7: a tool call in every shape that Vapi, its documentation and its SDKs use, answered from the demo data.</summary>
public sealed class ToolCallShapesTests(PatientApi api) : IClassFixture<PatientApi>
{
    private const string AnasParcel = "Northwind Books";

    public static TheoryData<string, string, string> Shapes { get; } = new()
    {
        { "function with an object", "toolCallList", """[{"id":"t1","type":"function","function":{"name":"track_shipment","arguments":OBJECT}}]""" },
        { "function with a string", "toolCallList", """[{"id":"t1","type":"function","function":{"name":"track_shipment","arguments":TEXT}}]""" },
        { "flat with arguments", "toolCallList", """[{"id":"t1","name":"track_shipment","arguments":OBJECT}]""" },
        { "flat with a string", "toolCallList", """[{"id":"t1","name":"track_shipment","arguments":TEXT}]""" },
        { "flat with parameters", "toolCallList", """[{"id":"t1","name":"track_shipment","parameters":OBJECT}]""" },
        { "function with parameters", "toolCallList", """[{"id":"t1","function":{"name":"track_shipment","parameters":OBJECT}}]""" },
        { "toolCalls only", "toolCalls", """[{"id":"t1","type":"function","function":{"name":"track_shipment","arguments":TEXT}}]""" },
        { "tool with its call", "toolWithToolCallList", """[{"type":"function","function":{"name":"track_shipment"},"toolCall":{"id":"t1","function":{"name":"track_shipment","arguments":OBJECT}}}]""" },
        { "tool with a nameless call", "toolWithToolCallList", """[{"name":"track_shipment","toolCall":{"id":"t1","parameters":OBJECT}}]""" },
        { "extra members", "toolCallList", """[{"id":"t1","async":true,"name":"track_shipment","arguments":{"trackingNumber":"TB1042","mood":"cheerful","nested":{"a":[1]}}}]""" },
        { "missing optional", "toolCallList", """[{"id":"t1","name":"track_shipment","arguments":{"trackingNumber":"TB1042","name":null}}]""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task B7_every_shape_of_a_tool_call_is_answered(string shape, string member, string list)
    {
        var calls = list.Replace("OBJECT", Message.Track).Replace("TEXT", Message.Quoted(Message.Track));
        var reply = await api.Node.PostAsync(Message.ToolCalls(calls, member));
        var result = reply.Results.ShouldHaveSingleItem(shape);
        result["toolCallId"]!.GetValue<string>().ShouldBe("t1");
        result["name"]!.GetValue<string>().ShouldBe("track_shipment");
        result["result"]!.GetValue<string>().ShouldContain(AnasParcel);
        result["error"].ShouldBeNull();
    }

    [Fact]
    public async Task B7_the_same_call_in_all_three_lists_is_answered_once()
    {
        var reply = await api.PostToolCallAsync("track_shipment", Message.Track, caller: Core.Data.Seeding.DemoSeed.CallerPhone);
        reply.Result.ShouldNotBeNull().ShouldContain(AnasParcel); // SampleMessages repeats calls in all lists, and the reader insists on a single answer
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("\"not json\"")]
    [InlineData("\"[]\"")]
    [InlineData("\"{\\\"a\\\":NaN}\"")]
    public async Task B7_arguments_that_are_no_object_are_refused_with_a_sentence(string arguments)
    {
        var reply = await api.Node.PostAsync(Message.ToolCalls($$"""[{"id":"t1","name":"track_shipment","arguments":{{arguments}}}]"""));
        var result = reply.Results.ShouldHaveSingleItem();
        result["error"]!.GetValue<string>().ShouldStartWith("The tool was called with arguments that could not be read.");
    }

    [Fact]
    public async Task B7_a_missing_argument_is_named()
    {
        var reply = await api.PostToolCallAsync("book_appointment", """{"date":"tomorrow","time":"10 AM"}""", caller: Core.Data.Seeding.DemoSeed.CallerPhone);
        reply.Error.ShouldBe("The argument service is missing. Ask the caller for it, then call the tool again.");
    }

    [Theory]
    [InlineData("no_such_tool")]
    [InlineData("")]
    [InlineData("TRACK_SHIPMENT")]
    [InlineData("track_shipment; drop table shipment")]
    public async Task B7_an_unknown_tool_is_refused_with_a_sentence(string tool)
    {
        var reply = await api.PostToolCallAsync(tool, "{}");
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Error.ShouldBe("There is no such tool. Offer to transfer the caller to a person.");
    }

    [Fact]
    public async Task B7_parallel_tool_calls_of_one_message_are_answered_once_each()
    {
        var list = new JsonArray([.. Enumerable.Range(0, 20).Select(i => (JsonNode)new JsonObject
        {
            ["id"] = $"t{i % 18}", // two of them twice
            ["name"] = (i % 3) switch { 0 => "track_shipment", 1 => "list_appointments", _ => "no_such_tool" },
            ["arguments"] = JsonNode.Parse(Message.Track),
        })]);
        var reply = await api.Node.PostAsync(Message.ToolCalls(list.ToJsonString()));
        reply.Results.Select(r => r["toolCallId"]!.GetValue<string>()).ShouldBe(Enumerable.Range(0, 18).Select(i => $"t{i}"));
        for (var i = 0; i < 18; i++)
        {
            var said = (reply.Results[i]["result"] ?? reply.Results[i]["error"])!.GetValue<string>();
            said.ShouldContain((i % 3) switch { 0 => AnasParcel, 1 => "Check-up", _ => "no such tool" });
        }
    }

    [Fact]
    public async Task A_web_call_without_customer_is_asked_for_two_facts_and_books_nothing()
    {
        (await api.PostToolCallAsync("list_shipments")).Say.ShouldBe("Ask the caller for the tracking number and the family name on the parcel.");
        (await api.PostToolCallAsync("list_appointments")).Say.ShouldContain("ask for the reference and the family name");
        (await api.PostToolCallAsync("book_appointment", """{"service":"Check-up","date":"tomorrow","time":"10 AM","name":"Ana Silva"}""")).Say.ShouldContain("Nothing was booked");
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"TB1042","name":"Silva"}""")).Say.ShouldContain(AnasParcel);
    }
}
