using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>The own members of messages that no turn of talk causes.</summary>
internal static class OtherMessages
{
    private const string SessionId = "5d7c0b52-0000-4000-8000-0000000000c1";
    private const string ChatId = "5d7c0b52-0000-4000-8000-0000000000c2";
    private const string CampaignId = "5d7c0b52-0000-4000-8000-0000000000c3";
    private const string When = "2026-11-30T09:00:00.000Z";

    /// <exception cref="ArgumentException">Not a type that stands for itself.</exception>
    public static Action<Utf8JsonWriter, StepContext> Of(string type) => type switch
    {
        "language-change-detected" or "language-changed" => static (json, _) => json.WriteString("language", "lt"),
        "phone-call-control" => static (json, _) => json.WriteString("request", "hang-up"),
        "hang" or "call.deleted" or "call.delete.failed" => CallSteps.Nothing,
        "session.created" or "session.updated" or "session.deleted" => static (json, context) =>
            WriteObject(json, "session", ("id", SessionId), ("orgId", CallIds.Org), ("status", context.Step.Type == "session.created" ? "active" : "completed"), ("createdAt", When), ("updatedAt", When)),
        "chat.created" or "chat.deleted" => static (json, _) => WriteObject(json, "chat", ("id", ChatId), ("orgId", CallIds.Org), ("sessionId", SessionId), ("input", "hi")),
        "call.artifact.upload" => CallSteps.ArtifactUpload,
        "knowledge-base-request" => static (json, context) =>
        {
            context.History.WriteMessages(json, "messages", context.Step.History);
            context.History.WriteOpenAi(json, "messagesOpenAIFormatted", context.Step.History);
        },
        "voice-request" => static (json, _) =>
        {
            json.WriteString("text", "Hello");
            json.WriteNumber("sampleRate", 24000);
        },
        "call.endpointing.request" => static (json, context) => context.History.WriteOpenAi(json, "messagesOpenAIFormatted", context.Step.History),
        "campaign.predial" => static (json, context) =>
        {
            json.WriteString("campaignId", CampaignId);
            WriteObject(json, "contact", ("id", ChatId), ("campaignId", CampaignId), ("orgId", CallIds.Org), ("number", context.Timeline.Script.CustomerNumber ?? "+12065550199"), ("createdAt", When));
        },
        _ => throw new ArgumentException($"{type} is no message of its own.", nameof(type)),
    };

    private static void WriteObject(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, string Value)> members)
    {
        json.WriteStartObject(name);
        foreach (var (member, value) in members)
        {
            json.WriteString(member, value);
        }

        json.WriteEndObject();
    }
}
