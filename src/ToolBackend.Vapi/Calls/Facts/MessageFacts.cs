using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>The facts of one server message.</summary>
internal static class MessageFacts
{
    private const int MaxDetail = 300;

    /// <summary>Of what was read to answer it, without another look at its body.</summary>
    public static CallFacts Of(VapiMessage message, Guid messageId, DateTimeOffset sentAt) => new()
    {
        Call = PartyFacts.Identity(message),
        Assistant = PartyFacts.Assistant(message),
        Status = message.Kind == VapiMessageKind.StatusUpdate ? BoundedText.Whole(message.Status, BoundedText.Word) : null,
        EndedReason = message.Kind is VapiMessageKind.StatusUpdate or VapiMessageKind.EndOfCallReport ? BoundedText.Whole(message.EndedReason, BoundedText.Name) : null,
        Tools = Tools(message, messageId, sentAt),
    };

    /// <param name="basic">What the message's answer needed.</param>
    /// <param name="json">The message as redaction left it.</param>
    public static CallFacts Of(CallFacts basic, VapiMessage message, JsonElement json, DateTimeOffset sentAt, bool isPartial, bool withContent)
    {
        var facts = basic with { Assistant = Assistant(message, json) };
        return message.Kind switch
        {
            VapiMessageKind.StatusUpdate => WithConversation(facts, json, withContent) with
            {
                Transfer = PartyFacts.Transfer(json.Get("destination"u8), null, null, sentAt),
                Detail = withContent ? json.Get("inboundPhoneCallDebuggingArtifacts"u8).Get("error"u8).Sentence(MaxDetail) : null,
            },
            VapiMessageKind.EndOfCallReport => WithConversation(facts, json, withContent) with
            {
                Transfer = PartyFacts.Transfer(json.Get("destination"u8), null, null, null),
                Report = ReportReader.Of(json, withContent),
            },
            VapiMessageKind.ConversationUpdate => WithConversation(facts, json, withContent),
            VapiMessageKind.Transcript when !isPartial => facts with { Utterance = withContent ? Utterance(json) : null },
            VapiMessageKind.TransferUpdate => facts with { Transfer = Handover(json, sentAt) },
            VapiMessageKind.PhoneCallControl => facts with
            {
                Transfer = PartyFacts.Transfer(json.Get("destination"u8), null, null, sentAt),
                Detail = json.Get("request"u8).Id(BoundedText.Word),
            },
            VapiMessageKind.LanguageChanged => facts with { Detail = json.Get("language"u8).Id(BoundedText.Word) },
            VapiMessageKind.SpeechUpdate => facts with { Detail = json.Get("status"u8).Id(BoundedText.Word) },
            VapiMessageKind.CallArtifactUpload => facts with { Detail = FailedArtifacts(json) },
            _ => facts,
        };
    }

    public static CallFacts WithConversation(CallFacts facts, JsonElement json, bool withContent)
    {
        if (!withContent)
        {
            return facts;
        }

        var conversation = ConversationFacts.Of(json);
        return facts with { Conversation = conversation.Utterances, Tools = conversation.Tools ?? facts.Tools };
    }

    /// <summary>What was said at last, for those who watch.</summary>
    public static Utterance? Utterance(JsonElement json) => json.Get("transcript"u8).Sentence(ConversationFacts.MaxTextLength) is { } text
        ? new Utterance(Role(json) ?? "user", text, json.Get("time"u8).Time(), json.Get("endTime"u8).Time(), ConversationFacts.IsInterrupted(json))
        : null;

    /// <summary>user or assistant; Vapi's older word for the latter is bot.</summary>
    public static string? Role(JsonElement json) => json.Get("role"u8).Id(BoundedText.Word) switch
    {
        "user" => "user",
        "assistant" or "bot" => "assistant",
        _ => null,
    };

    private static AssistantFact? Assistant(VapiMessage message, JsonElement json)
    {
        var speaking = PartyFacts.Assistant(message.AssistantId ?? CallsOwn(message), message.AssistantName, PartyFacts.MaxSeconds(json.Get("assistant"u8)));
        return message.Kind switch
        {
            VapiMessageKind.AssistantStarted => PartyFacts.OtherAssistant(json.Get("newAssistant"u8)) ?? speaking,
            VapiMessageKind.TransferUpdate => PartyFacts.OtherAssistant(json.Get("toAssistant"u8)),
            VapiMessageKind.Transcript => PartyFacts.Assistant(json.Get("assistantId"u8).Id(), json.Get("assistantName"u8).Sentence(BoundedText.Name), null) ?? speaking,
            _ => speaking,
        };
    }

    private static string? CallsOwn(VapiMessage message) => message.Call?.SquadId is null ? message.Call?.AssistantId : null;

    private static TransferFact? Handover(JsonElement json, DateTimeOffset sentAt) => PartyFacts.Transfer(
        json.Get("destination"u8), json.Get("fromAssistant"u8).Get("name"u8).Sentence(BoundedText.Name), json.Get("toAssistant"u8).Get("name"u8).Sentence(BoundedText.Name), sentAt);

    private static List<ToolCallFact>? Tools(VapiMessage message, Guid messageId, DateTimeOffset sentAt)
    {
        var tools = new List<ToolCallFact>(message.ToolCalls.Count + 1);
        foreach (var call in message.ToolCalls)
        {
            tools.Add(Tool(call, messageId, sentAt));
        }

        if (message.FunctionCall is { } legacy)
        {
            tools.Add(Tool(legacy, messageId, sentAt));
        }

        return tools.Count > 0 ? tools : null;
    }

    /// <summary>A call without an id is named after its message.</summary>
    private static ToolCallFact Tool(VapiToolCall call, Guid messageId, DateTimeOffset sentAt) => new(
        BoundedText.Whole(call.Id, BoundedText.Id) ?? messageId.ToString("N"), BoundedText.Cut(call.Name, BoundedText.Name) ?? "unknown", sentAt);

    private static string? FailedArtifacts(JsonElement json)
    {
        var failed = json.Get("artifacts"u8).Items()
            .Where(artifact => artifact.Get("success"u8).ValueKind == JsonValueKind.False)
            .Select(artifact => artifact.Get("type"u8).Id(BoundedText.Word))
            .OfType<string>();
        return BoundedText.Cut(string.Join(", ", failed), MaxDetail);
    }
}
