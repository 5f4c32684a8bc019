using System.Globalization;
using System.Text.Json;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Speech;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Webhooks;

/// <summary>What a Vapi message vouches for, in the core's terms.</summary>
public static class CallContexts
{
    public static CallContext Of(VapiMessage message, string? callerNumberParameter = null) => new(
        message.Call?.Id ?? "",
        MessageId(message),
        Number(message.CustomerNumber) ?? FromDefinition(message, callerNumberParameter),
        Number(message.PhoneNumber?.Number));

    /// <summary>Vapi gives messages no id. Sender's time and first tool call tell two messages apart, and a redelivery is equal to its original.</summary>
    private static string MessageId(VapiMessage message)
    {
        var first = message.ToolCalls.Count > 0 ? message.ToolCalls[0].Id : "";
        var id = string.Create(CultureInfo.InvariantCulture, $"{message.Timestamp?.ToUnixTimeMilliseconds()}:{first}");
        return id.Length <= 128 ? id : id[..128];
    }

    /// <summary>The static parameter wins over what the model wrote, but only if the definition has it; then the definition's value is the proof.</summary>
    private static PhoneNumber? FromDefinition(VapiMessage message, string? parameter)
    {
        if (parameter is null || message.ToolCalls.Count == 0)
        {
            return null;
        }

        foreach (var declared in message.ReadStaticParameters(message.ToolCalls[0].Id))
        {
            // A template ("{{customer.number}}") was filled in by Vapi and merged into the arguments, over whatever the model wrote.
            if (declared.Key == parameter)
            {
                return Number(Argument(message.ToolCalls[0].Arguments, parameter));
            }
        }

        return null;
    }

    private static string? Argument(ReadOnlyMemory<byte> arguments, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // the tool itself will refuse these arguments with a sentence
        }
    }

    private static PhoneNumber? Number(string? text) => PhoneNumber.TryParse(text, out var number) && !WithheldNumbers.Contains(number) ? number : null;
}
