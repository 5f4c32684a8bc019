using System.Text.Json.Nodes;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Tests.Messages;

public class ToolCallShapeTests
{
    private static readonly JsonNode Expected = JsonNode.Parse("""{"date":"2026-12-03","time":"14:30","service":"check-up"}""")!;

    [Theory]
    [InlineData("tool-calls-object-arguments.json")]
    [InlineData("tool-calls-string-arguments.json")]
    [InlineData("tool-calls-flat-parameters.json")]
    [InlineData("tool-calls-flat-arguments.json")]
    [InlineData("tool-calls-function-parameters.json")]
    [InlineData("tool-calls-nested-only.json")]
    [InlineData("tool-calls-nested-prose.json")]
    [InlineData("tool-calls-old-list-only.json")]
    [InlineData("tool-calls-web-call.json")]
    public void B7_every_recorded_shape_gives_the_same_tool_call(string sample)
    {
        var message = Samples.Read(sample);

        message.Kind.ShouldBe(VapiMessageKind.ToolCalls);
        var call = message.ToolCalls.ShouldHaveSingleItem();
        call.Id.ShouldBe("call_8yQ2");
        call.Name.ShouldBe("book_appointment");
        call.ArgumentError.ShouldBe(ArgumentError.None);
        JsonNode.DeepEquals(call.Arguments.Json(), Expected).ShouldBeTrue();
    }

    [Fact]
    public void B7_parallel_calls_are_kept_in_order_and_each_id_once() =>
        Samples.Read("tool-calls-parallel.json").ToolCalls.Select(call => call.Id + " " + call.Name).ShouldBe(["call_8yQ2 book_appointment", "call_9zZ1 track_shipment"]);

    [Fact]
    public void B7_the_legacy_function_call_is_read()
    {
        var call = Samples.Read("function-call.json").FunctionCall.ShouldNotBeNull();

        call.Id.ShouldBeEmpty();
        call.Name.ShouldBe("book_appointment");
        JsonNode.DeepEquals(call.Arguments.Json(), Expected).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""[{"id":"a","function":{"name":"n","arguments":null}}]""")]
    [InlineData("""[{"id":"a","function":{"name":"n"}}]""")]
    [InlineData("""[{"id":"a","function":{"name":"n","arguments":""}}]""")]
    [InlineData("""[{"id":"a","function":{"name":"n","arguments":" \n"}}]""")]
    [InlineData("""[{"id":"a","name":"n","function":null,"arguments":{}}]""")]
    public void B7_absent_and_empty_arguments_are_an_empty_object(string list)
    {
        var call = Samples.ToolCalls(list).ToolCalls.ShouldHaveSingleItem();

        call.Name.ShouldBe("n");
        call.ArgumentError.ShouldBe(ArgumentError.None);
        call.Arguments.Json().AsObject().Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("\"not json\"")]
    [InlineData("\"{\\\"date\\\":\"")]
    [InlineData("\"[1,2]\"")]
    [InlineData("\"null\"")]
    [InlineData("\"{} {}\"")]
    [InlineData("\"\\\"{}\\\"\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("17")]
    [InlineData("[]")]
    [InlineData("true")]
    public void B7_arguments_that_are_no_object_are_an_error_of_that_call_alone(string arguments)
    {
        var calls = Samples.ToolCalls($$$$"""[{"id":"a","function":{"name":"n","arguments":{{{{arguments}}}}}},{"id":"b","function":{"name":"n","arguments":{"x":1}}}]""").ToolCalls;

        calls[0].ArgumentError.ShouldBe(ArgumentError.NotAnObject);
        calls[0].Arguments.Json().AsObject().Count.ShouldBe(0);
        calls[1].ArgumentError.ShouldBe(ArgumentError.None);
        calls[1].Arguments.Json()["x"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void B7_the_first_of_the_places_for_name_and_arguments_wins()
    {
        const string list = """[{"parameters":{"from":3},"arguments":{"from":2},"name":"outer","id":"a","function":{"parameters":{"from":4},"arguments":{"from":1},"name":"inner"}}]""";

        var call = Samples.ToolCalls(list).ToolCalls.ShouldHaveSingleItem();

        call.Name.ShouldBe("inner");
        call.Arguments.Json()["from"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void B7_the_lists_are_preferred_in_order_and_an_empty_one_is_passed_over()
    {
        string Item(string id) => $$$$"""{"id":"{{{{id}}}}","function":{"name":"n","arguments":{}}}""";
        string Message(string list) => $$$$"""{"message":{"toolCalls":[{{{{Item("third")}}}}],"toolWithToolCallList":[{"toolCall":{{{{Item("second")}}}}}],"toolCallList":{{{{list}}}},"type":"tool-calls"}}""";

        Samples.ReadText(Message($"[{Item("first")}]")).ToolCalls.Single().Id.ShouldBe("first");
        Samples.ReadText(Message("[]")).ToolCalls.Single().Id.ShouldBe("second");
        Samples.ReadText(Message("null")).ToolCalls.Single().Id.ShouldBe("second");
        Samples.ReadText(Message("[7]").Replace("\"toolCall\"", "\"other\"")).ToolCalls.Single().Id.ShouldBe("third");
    }

    [Fact]
    public void B7_extra_fields_are_passed_over_and_missing_ids_keep_their_place()
    {
        var calls = Samples.ToolCalls("""[null,7,{"x":{"id":"no"},"function":{"name":"a","y":[1]}},{"id":5,"name":"b"},{"name":"a"},{}]""").ToolCalls;

        calls.Select(call => call.Id + call.Name).ShouldBe(["a", "b", "a", ""]);
    }

    [Fact]
    public void B7_member_names_written_with_escapes_are_understood() =>
        Samples.ReadText("""{"message":{"type":"tool-calls","toolCallL\u0069st":[{"\u0069d":"a","funct\u0069on":{"n\u0061me":"n"}}]}}""").ToolCalls.Single().Name.ShouldBe("n");

    [Fact]
    public void Static_parameters_are_read_for_their_call()
    {
        var message = Samples.Read("tool-calls-object-arguments.json");

        var parameters = message.ReadStaticParameters("call_8yQ2");

        parameters.Select(parameter => parameter.Key).ShouldBe(["tenantId", "limits"]);
        parameters[0].Value.Json().GetValue<string>().ShouldBe("clinic-1");
        parameters[1].Value.Json()["days"]!.GetValue<int>().ShouldBe(30);
        message.ReadStaticParameters("call_other").ShouldBeEmpty();
        Samples.Read("hang.json").ReadStaticParameters("call_8yQ2").ShouldBeEmpty();
    }
}
