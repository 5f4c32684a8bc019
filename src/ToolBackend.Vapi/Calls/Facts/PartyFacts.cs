using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>Who is in the call: its ids, its two ends, its assistants, where it goes.</summary>
internal static class PartyFacts
{
    /// <summary>Vapi ends calls after twelve hours at the latest; a longer limit is somebody's mistake.</summary>
    private const int LongestSeconds = 7 * 24 * 3600;

    public static CallIdentity Identity(VapiMessage message) => new(
        BoundedText.Whole(message.Call?.Type, BoundedText.Word),
        BoundedText.Whole(message.Call?.OrgId, BoundedText.Id),
        BoundedText.Whole(message.Call?.AssistantId, BoundedText.Id),
        BoundedText.Whole(message.Call?.SquadId, BoundedText.Id),
        BoundedText.Whole(message.Call?.PhoneNumberId ?? message.PhoneNumber?.Id, BoundedText.Id),
        VapiTime.Plausible(message.Call?.CreatedAt),
        BoundedText.Whole(message.CustomerNumber ?? message.CustomerSipUri, BoundedText.Name),
        BoundedText.Whole(message.PhoneNumber?.Number, BoundedText.Name));

    /// <summary>Of a call as the REST API shows it.</summary>
    public static CallIdentity Identity(JsonElement call)
    {
        var customer = call.Get("customer"u8);
        return new(
            call.Get("type"u8).Id(BoundedText.Word),
            call.Get("orgId"u8).Id(),
            call.Get("assistantId"u8).Id(),
            call.Get("squadId"u8).Id(),
            call.Get("phoneNumberId"u8).Id(),
            call.Get("createdAt"u8).Time(),
            customer.Get("number"u8).Id(BoundedText.Name) ?? customer.Get("sipUri"u8).Id(BoundedText.Name),
            call.Get("phoneNumber"u8).Get("number"u8).Id(BoundedText.Name));
    }

    /// <summary>The assistant that a message comes from, without its definition.</summary>
    public static AssistantFact? Assistant(VapiMessage message) =>
        Assistant(message.AssistantId ?? CallsOwnAssistant(message.Call?.AssistantId, message.Call?.SquadId), message.AssistantName, null);

    /// <param name="definition">An assistant as redaction leaves it.</param>
    /// <param name="assistantId">The call's own assistant.</param>
    /// <param name="squadId">Set when the call goes through several, so that its own may long have handed over.</param>
    public static AssistantFact? Assistant(JsonElement definition, string? assistantId, string? squadId) => Assistant(
        definition.Get("id"u8).Id() ?? CallsOwnAssistant(assistantId, squadId), definition.Get("name"u8).Sentence(BoundedText.Name), MaxSeconds(definition));

    /// <summary>An assistant that was not there from the start: the call's own id is not its.</summary>
    public static AssistantFact? OtherAssistant(JsonElement definition) =>
        Assistant(definition.Get("id"u8).Id(), definition.Get("name"u8).Sentence(BoundedText.Name), MaxSeconds(definition));

    /// <summary>Null when nothing is known of it.</summary>
    public static AssistantFact? Assistant(string? id, string? name, int? maxSeconds)
    {
        (id, name) = (BoundedText.Whole(id, BoundedText.Id), BoundedText.Cut(name, BoundedText.Name));
        return id is null && name is null && maxSeconds is null ? null : new AssistantFact(id, name, maxSeconds);
    }

    /// <summary>Where a call is sent; null when the destination does not say.</summary>
    public static TransferFact? Transfer(JsonElement destination, string? fromAssistant, string? toAssistant, DateTimeOffset? at)
    {
        var number = destination.Get("number"u8).Id(BoundedText.Name);
        var sipUri = destination.Get("sipUri"u8).Id(BoundedText.Name);
        var assistant = destination.Get("assistantName"u8).Sentence(BoundedText.Name) ?? destination.Get("assistant"u8).Get("name"u8).Sentence(BoundedText.Name) ?? destination.Get("assistantId"u8).Id();
        var kind = destination.Get("type"u8).Id(BoundedText.Word)
            ?? (number is not null ? "number" : sipUri is not null ? "sip" : assistant is not null || toAssistant is not null ? "assistant" : null);
        var to = kind switch
        {
            "number" => number,
            "sip" => sipUri,
            "assistant" => assistant ?? toAssistant,
            _ => number ?? sipUri ?? assistant,
        };
        return kind is null && to is null && fromAssistant is null && toAssistant is null ? null : new TransferFact(kind, to, fromAssistant, toAssistant, at);
    }

    private static string? CallsOwnAssistant(string? assistantId, string? squadId) => squadId is null ? assistantId : null;

    public static int? MaxSeconds(JsonElement definition) => definition.Get("maxDurationSeconds"u8).Count() is { } seconds and > 0 and <= LongestSeconds ? seconds : null;
}
