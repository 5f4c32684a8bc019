using System.Buffers;
using System.Text.Json;
using NodaTime;
using ToolBackend.Core.Business;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Speech;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Webhooks;

/// <summary>Who takes a call: the assistant at its start, a desk when the caller wants a person.</summary>
public sealed partial class RoutingDispatcher(CallerGreeting greeting, DirectoryReader directory, TimeProvider time, ILogger<RoutingDispatcher> logger)
{
    /// <summary>For the model, when something of ours does not answer.</summary>
    public const string NotNow = "I can't transfer the call right now. Apologize, and offer to take a message or to call back.";

    public async ValueTask<Action<IBufferWriter<byte>>> AssistantAsync(VapiMessage message)
    {
        var known = await greeting.GetAsync(CallContexts.Of(message));
        AssistantRequestAnswer answer = known switch
        {
            { AssistantId: { } id } => new AssistantRequestAnswer.SavedAssistant(id) { VariableValues = known.Variables },
            { SquadId: { } id } => new AssistantRequestAnswer.SavedSquad(id) { VariableValues = known.Variables },
            _ => Unassigned(),
        };
        return answer.Write;
    }

    public async ValueTask<Action<IBufferWriter<byte>>> TransferAsync(VapiMessage message)
    {
        var (desk, refusal) = await DeskAsync(message.Parameters, message);
        TransferDestinationAnswer answer = desk is null ? new TransferDestinationAnswer.Refused(refusal!) : new TransferDestinationAnswer.To(new VapiDestination.Number(desk.Number), Connecting(desk));
        return answer.Write;
    }

    /// <summary>The desk for a caller who wants a person; without one a sentence for the model that says why.</summary>
    /// <param name="arguments">What the model wrote; a hint.</param>
    public async ValueTask<(Desk? Desk, string? Refusal)> DeskAsync(ReadOnlyMemory<byte> arguments, VapiMessage message)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        try
        {
            var desks = (await directory.GetAsync()).Value!.Desks;
            return DeskRouter.Choose(desks, Skills(arguments, message), now) is { } desk ? (desk, null) : (null, Closed(desks, now));
        }
        catch (UpstreamException)
        {
            return (null, NotNow);
        }
    }

    /// <summary>Said to the caller before a desk rings.</summary>
    public static string Connecting(Desk desk) => $"One moment, I'm connecting you to {desk.Name}.";

    /// <summary>Assistants are chosen by the definitions (issue "Assistants as files"), not by data; until a squad asks for it there is nothing to choose from.</summary>
    public ValueTask<Action<IBufferWriter<byte>>> HandoffAsync(VapiMessage message) =>
        ValueTask.FromResult<Action<IBufferWriter<byte>>>(new HandoffDestinationAnswer.Refused("There is nobody else to hand over to. Go on helping the caller yourself.").Write);

    private AssistantRequestAnswer.Refused Unassigned()
    {
        LogUnassigned();
        return new AssistantRequestAnswer.Refused("I'm sorry, nobody can take your call on this line right now. Please try again later.");
    }

    private static string Closed(IReadOnlyList<Desk> desks, Instant now) => DeskRouter.NextOpening(desks, now) is { } opens
        ? $"Nobody is there to take the call now. Tell the caller that people are there again {Phrases.DayAndTime(opens.ToInstant(), opens.Zone, now)}."
        : "Nobody is there to take the call. Offer to take a message.";

    /// <summary>What the call is about: what the model asked for, then who it was talking to.</summary>
    private static List<string> Skills(ReadOnlyMemory<byte> arguments, VapiMessage message)
    {
        var skills = new List<string>();
        if (!arguments.IsEmpty)
        {
            try
            {
                using var json = JsonDocument.Parse(arguments);
                skills.AddRange(json.RootElement.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.String).Select(p => p.Value.GetString()!).Take(5));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                skills.Clear(); // only a hint: any open desk is better than none
            }
        }

        if (message.AssistantName is { } assistant)
        {
            skills.Add(assistant);
        }

        return skills;
    }

    [LoggerMessage(2301, LogLevel.Error, "A call came in on a line without an assistant: set phone_line.assistant_id or Calls:DefaultAssistantId")]
    private partial void LogUnassigned();
}
