using System.Text.Json;

namespace ToolBackend.Api.Tests.Operator;

public sealed class ListToolsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_catalog_holds_every_tool_with_its_effect()
    {
        var tools = await api.Operator.GetJsonAsync("/tools");
        tools.Items().Select(t => $"{t.GetProperty("name").GetString()} {t.GetProperty("effect").GetString()}").ShouldBe(
        [
            "book_appointment write", "cancel_appointment write", "change_delivery write", "find_open_slots read",
            "list_appointments read", "list_shipments read", "reschedule_appointment write", "track_shipment read",
        ]);
    }

    [Fact]
    public async Task Each_schema_is_an_object_whose_required_members_are_described_properties()
    {
        foreach (var tool in (await api.Operator.GetJsonAsync("/tools")).Items())
        {
            tool.GetProperty("description").GetString()!.Length.ShouldBeInRange(20, 1000);
            var schema = tool.GetProperty("parameters");
            schema.GetProperty("type").GetString().ShouldBe("object");
            var properties = schema.GetProperty("properties");
            foreach (var required in schema.GetProperty("required").EnumerateArray())
            {
                properties.GetProperty(required.GetString()!).GetProperty("description").ValueKind.ShouldBe(JsonValueKind.String);
            }
        }
    }
}
