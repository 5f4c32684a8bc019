using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Tests.Tools;

/// <summary>What the model is told about each tool. A changed line here is a changed contract with the assistants' definitions.</summary>
public sealed class ArgumentSchemaTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private IEnumerable<Tool> All => desk.Node.Services.GetRequiredService<ToolCatalog>().All;

    [Fact]
    public void Each_tools_arguments_are_these() => string.Join('\n', All.Select(Shape)).ShouldBe("""
        book_appointment: service! date! time! practitioner name location
        cancel_appointment: reference date name confirmed?
        change_delivery: trackingNumber newDate safePlace pickupPoint name
        find_open_slots: service date dateTo partOfDay(morning|afternoon|evening) notBefore practitioner location
        list_appointments: reference name
        list_shipments:
        reschedule_appointment: newDate! newTime! reference date practitioner name confirmed?
        track_shipment: trackingNumber name
        """);

    [Fact]
    public void Every_schema_stays_in_the_subset_that_voice_platforms_accept()
    {
        foreach (var tool in All)
        {
            tool.Name.ShouldMatch("^[a-z_]{1,64}$");
            tool.Description.Length.ShouldBeInRange(20, 999, tool.Name);
            tool.Schema.Select(m => m.Key).ShouldBe(["type", "properties", "required"]);
            tool.Schema["type"]!.GetValue<string>().ShouldBe("object");
            foreach (var (name, property) in tool.Schema["properties"]!.AsObject())
            {
                property!.AsObject().Select(m => m.Key).ShouldBeSubsetOf(["type", "description", "enum"]);
                property["description"]!.GetValue<string>().Length.ShouldBeInRange(10, 999, $"{tool.Name}.{name}");
            }
        }
    }

    /// <summary>"!" required, "?" a flag, "(a|b)" an enumeration.</summary>
    private static string Shape(Tool tool) => $"{tool.Name}: {string.Join(' ', tool.Schema["properties"]!.AsObject().Select(p => p.Key + Marks(tool.Schema, p.Key, p.Value!.AsObject())))}".TrimEnd();

    private static string Marks(JsonObject schema, string name, JsonObject property) =>
        (schema["required"]!.AsArray().Any(r => r!.GetValue<string>() == name) ? "!" : "")
        + property["type"]!.GetValue<string>() switch { "string" => "", "boolean" => "?", var other => $" <{other}>" }
        + (property["enum"] is JsonArray allowed ? $"({string.Join('|', allowed.Select(a => a!.GetValue<string>()))})" : "");
}
