using System.Text.Json;
using ToolBackend.Core.Speech;

namespace ToolBackend.Vapi.Control;

/// <summary>Reads a command as an operator sends it. The members are Vapi's own: what is right here is right there.</summary>
public static class ControlCommandReader
{
    public static readonly IReadOnlyList<string> Types = ["say", "add-message", "control", "end-call", "transfer", "handoff"];

    private const int MaxContent = 4000;
    private const int MaxMessage = 20_000;
    private const int MaxName = 80;

    /// <param name="body">Any JSON.</param>
    /// <param name="errors">What is wrong, by member; empty when there is a command.</param>
    /// <returns>Null when something is wrong.</returns>
    public static ControlCommand? Read(JsonElement body, out IDictionary<string, string[]> errors)
    {
        errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors["type"] = ["The body must be an object with a type."];
            return null;
        }

        var fields = new CommandFields(body, "", errors);
        var type = fields.OneOf("type", [.. Types]);
        switch (type)
        {
            case "say":
                fields.Text("content", MaxContent, required: true);
                fields.Flag("endCallAfterSpoken");
                fields.Flag("interruptAssistantEnabled");
                fields.Flag("interruptionsEnabled");
                break;
            case "add-message":
                ReadMessage(fields.Object("message"));
                fields.Flag("triggerResponseEnabled");
                break;
            case "control":
                fields.OneOf("control", "mute-assistant", "unmute-assistant", "say-first-message", "mute-customer", "unmute-customer");
                break;
            case "transfer":
                ReadTransfer(fields.Object("destination"));
                fields.Text("content", MaxContent);
                break;
            case "handoff":
                ReadHandoff(fields.Object("destination"));
                fields.Text("content", MaxContent);
                break;
        }

        if (type is not null)
        {
            fields.RefuseOthers();
        }

        return errors.Count == 0 ? new ControlCommand(type!, JsonSerializer.SerializeToUtf8Bytes(fields.Sent)) : null;
    }

    private static void ReadMessage(CommandFields? message)
    {
        message?.OneOf("role", "system", "user", "assistant");
        message?.Text("content", MaxMessage, required: true);
        message?.RefuseOthers();
    }

    private static void ReadTransfer(CommandFields? destination)
    {
        switch (destination?.OneOf("type", "number", "sip"))
        {
            case "number":
                Number(destination, "number", required: true);
                Number(destination, "callerId", required: false);
                destination.Text("extension", 10);
                break;
            case "sip":
                if (destination.Text("sipUri", 300, required: true) is { } uri && !(uri.StartsWith("sip:", StringComparison.Ordinal) && uri.Contains('@', StringComparison.Ordinal) && !uri.Any(char.IsWhiteSpace)))
                {
                    destination.Refuse("sipUri", "An address such as sip:desk@example.com.");
                }

                break;
            default:
                return;
        }

        destination.Text("message", MaxContent);
        destination.Whole("transferPlan");
        destination.RefuseOthers();
    }

    private static void ReadHandoff(CommandFields? destination)
    {
        if (destination?.OneOf("type", "assistant") is null)
        {
            return;
        }

        if (((string[])["assistantId", "assistantName", "assistant"]).Count(destination.Has) != 1)
        {
            destination.Refuse("assistantId", "One of assistantId, assistantName and assistant.");
        }

        destination.Text("assistantId", MaxName);
        destination.Text("assistantName", MaxName);
        destination.Whole("assistant");
        destination.Whole("contextEngineeringPlan");
        destination.RefuseOthers();
    }

    private static void Number(CommandFields destination, string name, bool required)
    {
        if (destination.Text(name, 40, required) is { } text)
        {
            if (text.StartsWith('+') && PhoneNumber.TryParse(text, out var number))
            {
                destination.Sent[name] = number.E164;
            }
            else
            {
                destination.Refuse(name, "A number in E.164 form, such as +12065550142.");
            }
        }
    }
}
